# Everything that is not ours.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(dnnl CONFIG REQUIRED)
pkg_check_modules(HIGHWAY REQUIRED IMPORTED_TARGET libhwy)

# LibTorch: Debian's libtorch-dev, PyPI's torch wheel or pytorch.org's zip; the latter two by
# -DCMAKE_PREFIX_PATH=DIR, where DIR holds (or is above) share/cmake/Torch.
find_package(Torch REQUIRED)
message(STATUS "LibTorch ${Torch_VERSION} in ${TORCH_INSTALL_PREFIX}")

if(DEBLUR_BUILD_TOOLS)
    find_package(CLI11 REQUIRED)
    find_package(fmt REQUIRED)
    pkg_check_modules(LIBAV REQUIRED IMPORTED_TARGET
                      libavformat libavcodec libavutil libswscale)
endif()
if(DEBLUR_BUILD_TESTS)
    find_package(GTest REQUIRED)
    find_package(benchmark REQUIRED)
endif()
