set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# nvcc compiles for the host through the compiler of C++, and warns of its own about the rest.
add_compile_options("$<$<COMPILE_LANGUAGE:C,CXX>:-Wall;-Wextra>" $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall>)
if(DEBLUR_WERROR)
    add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:-Werror> "$<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>")
endif()
if(DEBLUR_SANITIZE)
    add_compile_options(-fsanitize=${DEBLUR_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${DEBLUR_SANITIZE})
    # GCC warns of what is not there once it has instrumented LibTorch's optionals.
    add_compile_options($<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:C,CXX>>:-Wno-maybe-uninitialized>)
endif()

# deblur_quiet_gcc12(TARGET): in C++20, GCC 12 takes additions of short strings for overlapping copies (its bug 105651).
function(deblur_quiet_gcc12 target)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
    endif()
endfunction()

# deblur_add_plain_library(NAME SOURCE... [LINK TARGET...]): one folder of src/ as a static library without LibTorch.
function(deblur_add_plain_library name)
    cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${name} PUBLIC ${ARG_LINK})
    deblur_quiet_gcc12(${name})
endfunction()
