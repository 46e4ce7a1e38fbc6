// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakes/kernels_on_cpu/cuda/launch.h"

#include <memory>
#include <stdexcept>
#include <vector>

#include <ucontext.h>

namespace {

constexpr size_t kStack = size_t{64} << 10;
constexpr unsigned kWarp = 32;

// A thread of the block, as a coroutine.
struct Thread {
    ucontext_t context{};
    std::unique_ptr<char[]> stack{new char[kStack]};
    uint3 index{};
    bool is_done = false;
};

struct Block {
    ucontext_t turns{}; // whoever gives the threads their turns
    std::vector<Thread> threads;
    std::vector<float> shuffled;
    const std::function<void()> *body = nullptr;
    size_t current = 0;
};

Block block; // the one that runs

void run_thread() {
    (*block.body)();
    block.threads[block.current].is_done = true;
}

// Until every other thread of the block has come to its own call. What has waited equally often is at the same place, as
// the kernels' threads all wait, or none does.
void meet() {
    swapcontext(&block.threads[block.current].context, &block.turns);
}

void start(Thread &thread) {
    thread.is_done = false;
    getcontext(&thread.context);
    thread.context.uc_stack.ss_sp = thread.stack.get();
    thread.context.uc_stack.ss_size = kStack;
    thread.context.uc_link = &block.turns;
    makecontext(&thread.context, run_thread, 0);
}

void run_block() {
    for (auto &thread : block.threads)
        start(thread);
    for (size_t alive = block.threads.size(), before = alive; alive > 0; before = alive) {
        for (block.current = 0; block.current < block.threads.size(); ++block.current) {
            Thread &thread = block.threads[block.current];
            if (thread.is_done)
                continue;
            threadIdx = thread.index;
            swapcontext(&block.turns, &thread.context);
            alive -= thread.is_done;
        }
        if (alive != 0 && alive != before)
            throw std::logic_error("some threads of a block wait for those that have ended");
    }
}

} // namespace

void __syncthreads() {
    meet();
}

float __shfl_xor_sync(unsigned mask, float value, int distance) {
    if (mask != ~0u || distance <= 0 || static_cast<unsigned>(distance) >= kWarp)
        throw std::logic_error("no shuffle of a whole warp");
    block.shuffled[block.current] = value;
    meet();
    const float other = block.shuffled[block.current ^ static_cast<size_t>(distance)];
    meet();
    return other;
}

namespace deblur::test {

void run_grid(dim3 grid, dim3 block_size, const std::function<void()> &thread) {
    blockDim = block_size;
    const size_t count = size_t{block_size.x} * block_size.y * block_size.z;
    if (count % kWarp != 0)
        throw std::logic_error("a block of broken warps");
    block.threads.resize(count);
    block.shuffled.assign(count, 0);
    block.body = &thread;
    for (size_t i = 0; i < count; ++i)
        block.threads[i].index = {static_cast<unsigned>(i % block_size.x), static_cast<unsigned>(i / block_size.x % block_size.y),
                                  static_cast<unsigned>(i / block_size.x / block_size.y)};
    for (blockIdx.z = 0; blockIdx.z < grid.z; ++blockIdx.z)
        for (blockIdx.y = 0; blockIdx.y < grid.y; ++blockIdx.y)
            for (blockIdx.x = 0; blockIdx.x < grid.x; ++blockIdx.x)
                run_block();
}

} // namespace deblur::test
