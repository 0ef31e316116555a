# The messages of io/*/proto. protoc sees them below the include folder, so that each is registered under a path of Cornu's own.
file(GLOB protos CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/io/*/proto/*.proto)
set(CORNU_PROTO_DIR ${PROJECT_BINARY_DIR}/proto)
file(MAKE_DIRECTORY ${CORNU_PROTO_DIR})
set(generated)
foreach(proto IN LISTS protos)
  string(REGEX REPLACE "\\.proto$" ".pb" stem ${proto})
  set(out ${CORNU_PROTO_DIR}/cornu/${stem})
  add_custom_command(OUTPUT ${out}.cc ${out}.h
    COMMAND protobuf::protoc --proto_path=${CORNU_INCLUDE_DIR} --cpp_out=${CORNU_PROTO_DIR} cornu/${proto}
    DEPENDS ${PROJECT_SOURCE_DIR}/${proto} protobuf::protoc VERBATIM)
  list(APPEND generated ${out}.cc ${out}.h)
endforeach()
add_library(cornu_proto OBJECT ${generated})
target_include_directories(cornu_proto SYSTEM PUBLIC ${CORNU_PROTO_DIR})
target_link_libraries(cornu_proto PUBLIC protobuf::libprotobuf-lite)
# No symbol of them leaves the library, whatever it is linked to.
target_compile_options(cornu_proto PRIVATE -fvisibility=hidden)
if(CORNU_SANITIZE)
  target_link_libraries(cornu_proto PRIVATE cornu_build_flags)
endif()
