// SPDX-License-Identifier: LGPL-2.1-or-later
#include "benchmark/ffmpeg_rate.h"

#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char **environ;

namespace deblur {

namespace {

// Frames until the window is full, caches are warm, and threads wait for each other as they will.
constexpr int kStart = 20;

// A program with nothing to read, and what it says on stdout and stderr, line by line.
class Process {
  public:
    explicit Process(std::vector<std::string> command) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        output_.reset(fdopen(ends[0], "r"));
        std::vector<char *> arguments;
        for (auto &argument : command)
            arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        const int error =
            posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        if (error != 0)
            throw std::runtime_error("'" + command[0] +
                                     "' cannot be run: " + std::generic_category().message(error));
    }

    bool read_line(std::string &line) {
        char *text = nullptr;
        size_t room = 0;
        const auto length = getline(&text, &room, output_.get());
        const std::unique_ptr<char, decltype(&std::free)> owned(text, std::free);
        if (length <= 0)
            return false;
        line.assign(text, static_cast<size_t>(length));
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
            line.pop_back();
        return true;
    }

    // Waits for its end.
    bool has_succeeded() {
        int status = 0;
        return waitpid(id_, &status, 0) == id_ && status == 0;
    }

  private:
    pid_t id_ = 0;
    std::unique_ptr<FILE, decltype(&std::fclose)> output_{nullptr, std::fclose};
};

// A few frames made beforehand go round and round, so that nothing is measured but the filter and what ffmpeg does
// around it.
std::vector<std::string> command_of(const FfmpegCase &what, int frames) {
    constexpr int kept = 16;
    const bool is_on_gpu = what.memory == "cuda";
    const auto graph = fmt::format(
        "testsrc2=size={}x{}:rate=25,format=nv12,trim=end_frame={}{},loop=loop=-1:size={},"
        "deblur=model={}:device={}:precision={}:threads={}[out]",
        what.width, what.height, kept, is_on_gpu ? ",hwupload" : "", kept, what.model, what.device,
        what.precision, what.threads);
    std::vector<std::string> command{what.program, "-hide_banner", "-nostdin", "-v", "error"};
    if (is_on_gpu)
        command.insert(command.end(),
                       {"-init_hw_device", "cuda=gpu:0,primary_ctx=1", "-filter_hw_device", "gpu"});
    command.insert(command.end(), {"-filter_complex", graph, "-map", "[out]", "-frames:v",
                                   std::to_string(kStart + frames), "-progress", "pipe:1",
                                   "-stats_period", "0.02", "-f", "null", "-"});
    return command;
}

// "frame=12": what comes after the name; nullptr: another line.
const char *value_of(const std::string &line, const std::string &name) {
    return line.rfind(name + "=", 0) == 0 ? line.c_str() + name.size() + 1 : nullptr;
}

bool is_of_a_report(const std::string &line) {
    size_t end = 0;
    while (end < line.size() &&
           (std::isalnum(static_cast<unsigned char>(line[end])) || line[end] == '_'))
        ++end;
    return end > 0 && end < line.size() && line[end] == '=';
}

} // namespace

void SteadyRate::add(double seconds, int64_t frames) {
    if (frames <= start_ || frames <= last_.frames)
        return;
    last_ = {seconds, frames};
    if (first_.frames == 0)
        first_ = last_;
}

double SteadyRate::frames_per_second() const {
    if (first_.frames == last_.frames)
        throw std::runtime_error(
            "ffmpeg was done before it could be measured: it takes more frames");
    return static_cast<double>(last_.frames - first_.frames) / (last_.seconds - first_.seconds);
}

// From ffmpeg's own reports of its progress. Two runs of different lengths would leave in their difference how much the
// start varies, which on a GPU (algorithms are measured, graphs captured) may be longer than the frames take; and the
// filter's own time of a frame is how long it is on its way, without the rest of ffmpeg.
double measure_ffmpeg(const FfmpegCase &what, int frames) {
    SteadyRate rate(kStart);
    std::string line, said;
    Process ffmpeg(command_of(what, frames));
    const auto start = std::chrono::steady_clock::now();
    int64_t count = 0;
    while (ffmpeg.read_line(line)) {
        const std::chrono::duration<double> now = std::chrono::steady_clock::now() - start;
        if (const char *text = value_of(line, "frame"))
            count = std::strtoll(text, nullptr, 10);
        else if (const char *state = value_of(line, "progress");
                 state && std::string(state) == "continue")
            rate.add(now.count(), count); // the last report comes when everything is closed
        else if (!is_of_a_report(line))
            said += (said.empty() ? "" : "\n") + line;
    }
    if (!ffmpeg.has_succeeded())
        throw std::runtime_error("'" + what.program + "' failed: " + said);
    return rate.frames_per_second();
}

} // namespace deblur
