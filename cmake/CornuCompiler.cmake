# Language, warnings, sanitizers and ccache, for every target of this tree.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache looks at a precompiled header's content itself, once it may pass over defines and times of its own.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endif()

set(CORNU_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

add_library(cornu_build_flags INTERFACE)
target_compile_options(cornu_build_flags INTERFACE -Wall -Wextra -Wno-missing-field-initializers -Wno-restrict -Werror=return-type)  # -Wrestrict: false alarms of g++ 12 in std::string
if(CORNU_SANITIZE)
  target_compile_options(cornu_build_flags INTERFACE -fsanitize=${CORNU_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cornu_build_flags INTERFACE -fsanitize=${CORNU_SANITIZE})
endif()
