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
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

set(CORNU_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

add_library(cornu_build_flags INTERFACE)
target_compile_options(cornu_build_flags INTERFACE -Wall -Wextra -Wno-missing-field-initializers -Wno-restrict -Werror=return-type)  # -Wrestrict: false alarms of g++ 12 in std::string
if(CORNU_SANITIZE)
  target_compile_options(cornu_build_flags INTERFACE -fsanitize=${CORNU_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cornu_build_flags INTERFACE -fsanitize=${CORNU_SANITIZE})
endif()
