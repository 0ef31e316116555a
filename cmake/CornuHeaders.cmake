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
  list(FILTER headers EXCLUDE REGEX "/internal/|^ops/(onednn|jit)/|^keras/command_line/")
  list(APPEND CORNU_PUBLIC_HEADERS ${headers})
endforeach()
list(SORT CORNU_PUBLIC_HEADERS)
# The umbrella leaves out what a program that trains models does not name: the parts of the engine that passes and kernels are
# written with, and the readers of file formats. Whoever needs them includes them by name.
set(headers ${CORNU_PUBLIC_HEADERS})
list(FILTER headers EXCLUDE REGEX "^(graph/(passes|plan)/|io/(archive|csv|hdf5|onnx|download|atomic_file)|keras/onnx/(exporter|importer)|io/tensorboard/event_reader|keras/operations/operation\\.|keras/field_value)")
set(umbrella "#pragma once\n\n// Everything that a program needs to build, train and use models. Written by CMake from the public headers.\n\n")
foreach(header IN LISTS headers)
  string(APPEND umbrella "#include \"cornu/${header}\"\n")
endforeach()
file(CONFIGURE OUTPUT ${CORNU_INCLUDE_DIR}/cornu/cornu.h CONTENT "${umbrella}" @ONLY)
