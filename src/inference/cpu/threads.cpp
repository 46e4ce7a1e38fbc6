// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace deblur::cpu {

namespace {

using Work = std::function<void(int)>;

// The next loop mostly follows within microseconds, and sleep costs more than that.
constexpr int kLooks = 100;

/// A thread and its helpers.
class Team {
  public:
    ~Team() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        begun_.notify_all();
        for (auto &helper : helpers_)
            helper.join();
    }

    void run(int count, int threads, const Work &work) {
        if (count < 2 || threads < 2 || count_ > 0) {
            for (int i = 0; i < count; ++i)
                work(i);
            return;
        }
        hire(threads - 1);
        std::unique_lock lock(mutex_);
        work_ = &work;
        allowed_ = threads - 1;
        count_ = untaken_ = unfinished_ = count;
        lock.unlock();
        begun_.notify_all();
        lock.lock();
        while (untaken_ > 0)
            do_next(lock);
        if (unfinished_ > 0) {
            lock.unlock();
            look_for([this] { return unfinished_ == 0; });
            lock.lock();
            finished_.wait(lock, [this] { return unfinished_ == 0; });
        }
        count_ = 0;
        if (error_)
            std::rethrow_exception(std::exchange(error_, nullptr));
    }

  private:
    void hire(int helpers) {
        while (static_cast<int>(helpers_.size()) < helpers)
            try {
                helpers_.emplace_back(
                    [this, index = static_cast<int>(helpers_.size())] { help(index); });
            } catch (const std::system_error &) {
                return; // those who are there do it all
            }
    }

    void help(int index) {
        std::unique_lock lock(mutex_);
        while (!is_over_) {
            while (untaken_ > 0 && index < allowed_)
                do_next(lock);
            lock.unlock();
            look_for([this] { return untaken_ > 0; });
            lock.lock();
            begun_.wait(lock, [&] { return is_over_ || (untaken_ > 0 && index < allowed_); });
        }
    }

    void do_next(std::unique_lock<std::mutex> &lock) {
        const int i = count_ - untaken_--;
        const Work &work = *work_;
        lock.unlock();
        std::exception_ptr error;
        try {
            work(i);
        } catch (...) {
            error = std::current_exception();
        }
        lock.lock();
        if (error && !error_)
            error_ = error;
        if (--unfinished_ == 0)
            finished_.notify_one();
    }

    template <class Condition> static void look_for(const Condition &condition) {
        for (int i = 0; i < kLooks && !condition(); ++i)
            std::this_thread::yield();
    }

    std::mutex mutex_;
    std::condition_variable begun_, finished_;
    std::vector<std::thread> helpers_;
    const Work *work_ = nullptr;
    int count_ = 0;   // calls in the loop that runs; none runs if 0
    int allowed_ = 0; // helpers that take part
    std::atomic<int> untaken_{0},
        unfinished_{0}; // of the calls; change under the mutex, and may be looked at without
    bool is_over_ = false;
    std::exception_ptr error_;
};

struct Free {
    void operator()(char *pointer) const { std::free(pointer); }
};

thread_local int thread_count = 1;

} // namespace

ThreadCount::ThreadCount(int count) : before_(thread_count) {
    thread_count = count;
}

ThreadCount::~ThreadCount() {
    thread_count = before_;
}

void parallel_for(int count, const Work &work) {
    thread_local Team team;
    team.run(count, thread_count, work);
}

void parallel_ranges(int begin, int end, const std::function<void(int, int)> &work) {
    constexpr int each = 4; // more would be a better balance, and less in one go
    const int count = std::min(end - begin, thread_count == 1 ? 1 : each * thread_count);
    const auto start = [&](int i) {
        return begin + static_cast<int>(int64_t(end - begin) * i / count);
    };
    parallel_for(count, [&](int i) { work(start(i), start(i + 1)); });
}

void *scratch_memory(size_t bytes) {
    thread_local std::unique_ptr<char, Free> memory;
    thread_local size_t size = 0;
    if (bytes > size) {
        constexpr size_t alignment = 64;
        const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
        memory.reset(static_cast<char *>(std::aligned_alloc(alignment, rounded)));
        size = memory ? rounded : 0;
        if (!memory)
            throw std::bad_alloc();
        std::memset(memory.get(), 0, size);
    }
    return memory.get();
}

} // namespace deblur::cpu
