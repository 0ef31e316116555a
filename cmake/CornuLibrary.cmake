# One object library a folder, so that a third-party library is seen by its folder alone and the linker drops nothing that
# registers itself; together they are libcornu.
function(cornu_folder folder)
  cmake_parse_arguments(arg "" "" "LINK;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX /keras/command_line/)  # a program of its own (CornuCommand.cmake)
  add_library(cornu_${folder} OBJECT ${sources})
  target_include_directories(cornu_${folder} PUBLIC ${CORNU_INCLUDE_DIR})
  target_link_libraries(cornu_${folder} PRIVATE cornu_build_flags ${arg_LINK})
  cornu_compile_once(cornu_${folder} ${arg_PRECOMPILE})
endfunction()

include(CornuProto)
cornu_folder(graph LINK Threads::Threads OpenMP::OpenMP_CXX PRECOMPILE <cornu/graph/op.h>)
cornu_folder(ops LINK DNNL::dnnl OpenMP::OpenMP_CXX PRECOMPILE <cornu/graph/op.h>)
target_include_directories(cornu_ops SYSTEM PRIVATE ${XBYAK_INCLUDE_DIR})
cornu_folder(autodiff PRECOMPILE <cornu/graph/op.h>)
cornu_folder(io LINK ${HDF5_C_LIBRARIES} PNG::PNG JPEG::JPEG CURL::libcurl OpenSSL::Crypto ZLIB::ZLIB LibArchive::LibArchive
             ${CSV_LIBRARY} ${SNDFILE_LIBRARY} ${SAMPLERATE_LIBRARY}
             PRECOMPILE <cornu/graph/array/array.h>)
target_include_directories(cornu_io SYSTEM PRIVATE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(cornu_io PRIVATE cornu_proto protobuf::libprotobuf-lite Boost::headers)
cornu_folder(keras LINK nlohmann_json::nlohmann_json OpenMP::OpenMP_CXX ICU::uc PRECOMPILE <cornu/keras/layers/layer.h>)

add_library(cornu SHARED)
add_library(Cornu::cornu ALIAS cornu)
foreach(folder IN LISTS CORNU_FOLDERS)
  target_link_libraries(cornu PRIVATE cornu_${folder})
endforeach()
target_link_libraries(cornu PRIVATE cornu_proto)
set_target_properties(cornu PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_include_directories(cornu PUBLIC $<BUILD_INTERFACE:${CORNU_INCLUDE_DIR}> $<INSTALL_INTERFACE:include>)
target_compile_features(cornu PUBLIC cxx_std_20)

# What the library exports is written down once its objects are there.
set(CORNU_OBJECTS ${CORNU_FOLDERS})
list(TRANSFORM CORNU_OBJECTS REPLACE "(.+)" "$<TARGET_OBJECTS:cornu_\\1>")
set(CORNU_EXPORTS ${PROJECT_BINARY_DIR}/cornu.map)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/cornu_objects.txt CONTENT "$<JOIN:${CORNU_OBJECTS},\n>\n")
add_custom_command(OUTPUT ${CORNU_EXPORTS}
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/write_exports.sh ${CORNU_EXPORTS} ${PROJECT_BINARY_DIR}/cornu_objects.txt
  DEPENDS ${CORNU_OBJECTS} ${PROJECT_SOURCE_DIR}/cmake/write_exports.sh ${PROJECT_SOURCE_DIR}/cmake/symbols.sh VERBATIM)
target_sources(cornu PRIVATE ${CORNU_EXPORTS})
target_link_options(cornu PRIVATE LINKER:--version-script=${CORNU_EXPORTS} LINKER:--no-undefined)
set_target_properties(cornu PROPERTIES LINK_DEPENDS ${CORNU_EXPORTS})
