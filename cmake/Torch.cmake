# LibTorch: Debian's libtorch-dev, PyPI's torch wheel or pytorch.org's zip; the latter two by
# -DCMAKE_PREFIX_PATH=DIR, where DIR holds (or is above) share/cmake/Torch.
find_package(Torch REQUIRED)
message(STATUS "LibTorch ${Torch_VERSION} in ${TORCH_INSTALL_PREFIX}")

# LibTorch's headers demand C++20 from 2.10 on; our own code is C++17.
if(Torch_VERSION VERSION_GREATER_EQUAL 2.10)
    set(CMAKE_CXX_STANDARD 20)
endif()

# LibTorch's headers are slow to read and not free of warnings: system headers, precompiled once.
add_library(deblur_torch INTERFACE)
target_include_directories(deblur_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(DEBLUR_TORCH_FLAGS UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(deblur_torch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${DEBLUR_TORCH_FLAGS}>)
if(DEBLUR_CUDA)
    # The CPU's part for everyone, the GPU's for whom it is (cmake/Cuda.cmake).
    target_link_libraries(deblur_torch INTERFACE torch_cpu_library c10)
else()
    target_link_libraries(deblur_torch INTERFACE ${TORCH_LIBRARIES})
endif()
# LibTorch 2.x's headers include an {fmt} of their own, whose library nobody has. Debian's LibTorch
# uses {fmt}'s library: FMT_SHARED keeps our copies of its functions visible, or they do not link.
target_compile_definitions(deblur_torch INTERFACE FMT_HEADER_ONLY=1 FMT_SHARED=1)
# A CUDA LibTorch finds its own libraries (NCCL, cuDNN ...) at run time, from where the linker does not look.
target_link_options(deblur_torch INTERFACE LINKER:--allow-shlib-undefined)

add_library(deblur_torch_headers STATIC "${PROJECT_SOURCE_DIR}/cmake/torch_headers.cpp")
target_link_libraries(deblur_torch_headers PRIVATE deblur_torch)
target_precompile_headers(deblur_torch_headers PRIVATE
    <ATen/ATen.h> <torch/nn/module.h> <torch/types.h> <map> <string> <vector>)

# deblur_use_torch(TARGET): compile with the precompiled headers of LibTorch. Executables become
# -fPIC like everything else, for the headers serve one kind of code only.
function(deblur_use_torch target)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fPIC>)
    target_precompile_headers(${target} REUSE_FROM deblur_torch_headers)
endfunction()

# deblur_add_library(NAME SOURCE... [LINK TARGET...]): one folder of src/ as a static library that
# uses LibTorch.
function(deblur_add_library name)
    cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${name} PUBLIC ${ARG_LINK})
    deblur_use_torch(${name})
endfunction()
