# The headers that scripts/gpu-check.sh --pack has collected, for machines where nothing can be installed.
foreach(name nlohmann_json::nlohmann_json CLI11::CLI11 fmt::fmt-header-only PkgConfig::HIGHWAY)
    add_library(${name} INTERFACE IMPORTED)
    target_include_directories(${name} SYSTEM INTERFACE "${DEBLUR_PACK}/include")
endforeach()
target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY=1)
# Without its library, Highway compiles for one instruction set.
target_compile_definitions(PkgConfig::HIGHWAY INTERFACE HWY_COMPILE_ONLY_STATIC)
set(DEBLUR_GTEST_SOURCE "${DEBLUR_PACK}/googletest")
