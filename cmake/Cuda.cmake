# What the engine for NVIDIA GPUs takes beside LibTorch. Before find_package(Torch): its CMake files look
# for the toolkit in their own way, and had better find the same one.

# Turing to Hopper as machine code; the driver of a later GPU compiles the last one's PTX.
set(DEBLUR_CUDA_ARCHITECTURES 75-real 80-real 86-real 89-real 90 CACHE STRING
    "GPUs that our kernels are compiled for")
# LibTorch's CMake files want to be told in their own words, and make nothing of it here.
set(TORCH_CUDA_ARCH_LIST 9.0 CACHE STRING "")
mark_as_advanced(TORCH_CUDA_ARCH_LIST)

if(NOT CMAKE_CUDA_COMPILER)
    find_program(CMAKE_CUDA_COMPILER nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
endif()
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)

# deblur_use_cuda(TARGET): LibTorch with its part for GPUs. A program that links it loads gigabytes of
# libraries: the engine does, libdeblur does not.
function(deblur_use_cuda target)
    target_link_libraries(${target} PUBLIC deblur_torch CUDA::cudart
        -Wl,--no-as-needed $<TARGET_FILE:torch_cuda> $<TARGET_FILE:c10_cuda> -Wl,--as-needed)
endfunction()

# deblur_run_with_cuda(TARGET): the CUDA runtime that LibTorch itself uses, if it brings one (a wheel does), comes before the
# toolkit's, which may be older.
function(deblur_run_with_cuda target)
    file(GLOB runtimes "${TORCH_INSTALL_PREFIX}/../nvidia/cu*/lib" "${TORCH_INSTALL_PREFIX}/../nvidia/cuda_runtime/lib")
    set(path "${TORCH_INSTALL_PREFIX}/lib" ${runtimes})
    set_property(TARGET ${target} APPEND PROPERTY BUILD_RPATH "${path}")
    set_property(TARGET ${target} APPEND PROPERTY INSTALL_RPATH "${path}")
endfunction()
