# How to compile what is the same for many files only once. A build from nothing compiles the library's files in batches (a
# changed file then compiles the seven beside it anew: for daily work there is the preset "dev"). Else, and for the tests, headers
# that nearly every file of a target reads are compiled once for it.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(unity_default ON)
endif()
option(CORNU_UNITY_BUILD "Compile the library's files in batches" ${unity_default})
option(CORNU_PRECOMPILED_HEADERS "Compile the headers that most files share once for each target" ON)

set(CORNU_STANDARD_HEADERS <algorithm> <array> <cmath> <cstring> <functional> <limits> <map> <memory> <mutex> <optional> <ostream>
    <set> <span> <sstream> <string> <unordered_map> <utility> <vector>)

# The headers that are given come on top of the standard library's. One of the tree belongs here only if a change of it compiles most
# of the target anew in any case.
function(cornu_precompile target)
  if(CORNU_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} PRIVATE ${CORNU_STANDARD_HEADERS} ${ARGN})
  endif()
endfunction()

# For a folder of the library: batches, or such headers.
function(cornu_compile_once target)
  if(CORNU_UNITY_BUILD)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  else()
    cornu_precompile(${target} ${ARGN})
  endif()
endfunction()
