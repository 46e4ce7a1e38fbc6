# The headers that scripts/gpu-check.sh --pack has collected, for machines where nothing can be installed.
foreach(name nlohmann_json::nlohmann_json CLI11::CLI11 fmt::fmt-header-only PkgConfig::HIGHWAY)
    add_library(${name} INTERFACE IMPORTED)
    target_include_directories(${name} SYSTEM INTERFACE "${DEBLUR_PACK}/include")
endforeach()
target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY=1)
add_library(PkgConfig::NETTLE SHARED IMPORTED)
set_target_properties(PkgConfig::NETTLE PROPERTIES
    IMPORTED_LOCATION "${DEBLUR_PACK}/lib/libnettle.so.8" INTERFACE_INCLUDE_DIRECTORIES "${DEBLUR_PACK}/include")
# Without its library, Highway compiles for one instruction set.
target_compile_definitions(PkgConfig::HIGHWAY INTERFACE HWY_COMPILE_ONLY_STATIC)
set(DEBLUR_GTEST_SOURCE "${DEBLUR_PACK}/googletest")
