// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/process_limits.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"

namespace deblur {

namespace {

// Threads that wait, all at the same time, until they are told to end.
class WaitingThreads {
  public:
    ~WaitingThreads() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        over_.notify_all();
        for (auto &thread : threads_)
            thread.join();
    }

    void add() {
        threads_.emplace_back([this] {
            std::unique_lock lock(mutex_);
            over_.wait(lock, [this] { return is_over_; });
        });
    }

    size_t count() const { return threads_.size(); }

  private:
    std::mutex mutex_;
    std::condition_variable over_;
    bool is_over_ = false;
    std::vector<std::thread> threads_;
};

unsigned long used_address_space() {
    unsigned long pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<unsigned long>(sysconf(_SC_PAGESIZE));
}

unsigned long space_of(EngineKind kind) {
    switch (kind) {
    case EngineKind::Torch:
        return kTorchEngineSpace;
    case EngineKind::Cuda:
        return kCudaEngineSpace;
    default:
        return kCpuEngineSpace;
    }
}

std::string mebibytes(unsigned long bytes) {
    return std::to_string(bytes >> 20) + " MiB";
}

} // namespace

int resolve_threads(int threads, Log &log) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    if (threads == 0)
        return cores;
    const int most = cores * kThreadsPerCore;
    if (threads > most)
        log.write(DEBLUR_LOG_WARNING,
                  ("threads is " + std::to_string(threads) + ", more than " +
                   std::to_string(kThreadsPerCore) + " for each of " + std::to_string(cores) +
                   " cores: " + std::to_string(most) + " are used")
                      .c_str());
    return std::min(threads, most);
}

void check_threads(int threads) {
    const int needed = 2 * threads + 1;
    WaitingThreads waiting;
    try {
        for (int i = 0; i < needed; ++i)
            waiting.add();
    } catch (const std::system_error &error) {
        throw Error(DEBLUR_FAILURE, "threads: the system allows " +
                                        std::to_string(waiting.count()) + " more of the " +
                                        std::to_string(needed) + " that are needed (" +
                                        error.code().message() +
                                        "); fewer threads or a higher limit of processes may help");
    }
}

void check_address_space(EngineKind kind) {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    const unsigned long needed = space_of(kind);
    const unsigned long used = used_address_space();
    const unsigned long left = limit.rlim_cur > used ? limit.rlim_cur - used : 0;
    if (left < needed)
        throw Error(DEBLUR_OUT_OF_MEMORY, "address space: the engine needs " + mebibytes(needed) +
                                              ", the limit leaves " + mebibytes(left) +
                                              " (ulimit -v)");
}

} // namespace deblur
