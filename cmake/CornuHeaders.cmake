# Headers are included as "cornu/ops/softmax.h" in the tree as after installation: the build tree links the source folders
# into include/cornu/, and the umbrella cornu/cornu.h is written from the headers that are there.
set(CORNU_FOLDERS graph ops autodiff keras io)
set(CORNU_INCLUDE_DIR ${PROJECT_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${CORNU_INCLUDE_DIR}/cornu)
foreach(folder IN LISTS CORNU_FOLDERS)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${CORNU_INCLUDE_DIR}/cornu/${folder} SYMBOLIC)
endforeach()

# Public: every header but those in an internal/ folder and those that need a third-party library.
set(CORNU_PUBLIC_HEADERS)
foreach(folder IN LISTS CORNU_FOLDERS)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.h)
  list(FILTER headers EXCLUDE REGEX "/internal/|^ops/(onednn|jit)/")
  list(APPEND CORNU_PUBLIC_HEADERS ${headers})
endforeach()
list(SORT CORNU_PUBLIC_HEADERS)
set(umbrella "#pragma once\n\n// Everything of Cornu. Written by CMake from the public headers.\n\n")
foreach(header IN LISTS CORNU_PUBLIC_HEADERS)
  string(APPEND umbrella "#include \"cornu/${header}\"\n")
endforeach()
file(CONFIGURE OUTPUT ${CORNU_INCLUDE_DIR}/cornu/cornu.h CONTENT "${umbrella}" @ONLY)
