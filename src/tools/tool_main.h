// What the main() functions of the tools share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

namespace deblur {

/// Reads the command line into Arguments and runs the tool.
///
/// @return the exit status: run()'s, or 1 after an exception, whose message goes to stderr
template <typename Arguments, typename Declare, typename Run>
int tool_main(int argc, char **argv, const std::string &name, const std::string &description,
              Declare declare, Run run) {
    try {
        CLI::App app(description, name);
        Arguments arguments;
        declare(app, arguments);
        CLI11_PARSE(app, argc, argv);
        return run(arguments);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
        return 1;
    }
}

} // namespace deblur
