// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/config.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <locale>
#include <sstream>
#include <stdexcept>

#include "base/in_quotes.h"

namespace deblur {

namespace {

constexpr double kMostOfDecision = 1e4; // sums of such numbers stay finite

const std::string &require(const Metadata &metadata, const std::string &key) {
    const auto found = metadata.find(key);
    if (found == metadata.end())
        throw std::invalid_argument("the weights' metadata lacks '" + key + "'");
    return found->second;
}

std::string decimal(double value) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << value;
    return text.str();
}

// A number above 0, and no larger than most.
double read_decimal(const Metadata &metadata, const std::string &key, double most) {
    const std::string &text = require(metadata, key);
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0;
    if (!(stream >> value) || stream.peek() != EOF || !(value > 0 && value <= most))
        throw std::invalid_argument("the weights' " + key + " " + in_quotes(text) +
                                    " is not a number above 0 to " + decimal(most));
    return value;
}

// Numbers with a space between them, in the order of GateDecision.
std::string decision_text(const GateDecision &decision) {
    std::array<float, kGateParameters> numbers;
    std::memcpy(numbers.data(), &decision, sizeof decision);
    std::ostringstream text;
    text.imbue(std::locale::classic());
    for (const float number : numbers)
        text << (text.tellp() > 0 ? " " : "") << number;
    return text.str();
}

GateDecision read_decision(const std::string &text) {
    std::array<float, kGateParameters> numbers;
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    for (float &number : numbers)
        if (!(stream >> number) || !(std::abs(number) <= kMostOfDecision))
            throw std::invalid_argument("the weights' gate_decision is not " + std::to_string(kGateParameters) +
                                        " numbers of " + decimal(kMostOfDecision) + " at most");
    if (!(stream >> std::ws).eof())
        throw std::invalid_argument("the weights' gate_decision has more than " + std::to_string(kGateParameters) +
                                    " numbers");
    GateDecision decision;
    std::memcpy(&decision, numbers.data(), sizeof decision);
    return decision;
}

} // namespace

Metadata config_to_metadata(const NetworkConfig &config) {
    Metadata metadata{{"architecture", config.architecture},
                      {"window", std::to_string(config.window)},
                      {"residual", config.residual ? "true" : "false"}};
    if (config.gate.decision) {
        metadata["gate_gain"] = decimal(config.gate.gain);
        metadata["gate_decision"] = decision_text(*config.gate.decision);
    }
    if (config.width > 0)
        metadata["width"] = std::to_string(config.width);
    return metadata;
}

NetworkConfig config_from_metadata(const Metadata &metadata) {
    NetworkConfig config;
    config.architecture = require(metadata, "architecture");
    const auto &window = require(metadata, "window");
    if (window.size() != 1 || window[0] < '0' || window[0] > '9')
        throw std::invalid_argument("the weights' window " + in_quotes(window) + " is not a digit");
    config.window = window[0] - '0';
    const auto &residual = require(metadata, "residual");
    if (residual != "true" && residual != "false")
        throw std::invalid_argument("the weights' residual " + in_quotes(residual) +
                                    " is neither true nor false");
    config.residual = residual == "true";
    if (metadata.count("gate_decision") != 0) {
        config.gate.gain = read_decimal(metadata, "gate_gain", 2);
        config.gate.decision = read_decision(require(metadata, "gate_decision"));
    }
    if (metadata.count("width") != 0) {
        const double width = read_decimal(metadata, "width", kMaxWidth);
        if (width != std::floor(width))
            throw std::invalid_argument("the weights' width is not a whole number");
        config.width = static_cast<int>(width);
    }
    return config;
}

} // namespace deblur
