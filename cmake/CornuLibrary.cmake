# One object library a folder, so that a third-party library is seen by its folder alone and the linker drops nothing that
# registers itself; together they are libcornu.
function(cornu_folder folder)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  add_library(cornu_${folder} OBJECT ${sources})
  target_include_directories(cornu_${folder} PUBLIC ${CORNU_INCLUDE_DIR})
  target_link_libraries(cornu_${folder} PRIVATE cornu_build_flags ${arg_LINK})
endfunction()

cornu_folder(graph LINK Threads::Threads OpenMP::OpenMP_CXX)
cornu_folder(ops LINK DNNL::dnnl OpenMP::OpenMP_CXX)
cornu_folder(autodiff)
cornu_folder(io LINK ${HDF5_C_LIBRARIES} PNG::PNG JPEG::JPEG CURL::libcurl OpenSSL::Crypto ZLIB::ZLIB)
target_include_directories(cornu_io SYSTEM PRIVATE ${HDF5_C_INCLUDE_DIRS})
cornu_folder(keras LINK nlohmann_json::nlohmann_json OpenMP::OpenMP_CXX)

# Kernels in ops/native and array arithmetic rely on the vector unit; oneDNN chooses its own code at run time.
if(CORNU_NATIVE)
  target_compile_options(cornu_ops PRIVATE -march=native)
endif()

add_library(cornu SHARED)
add_library(Cornu::cornu ALIAS cornu)
foreach(folder IN LISTS CORNU_FOLDERS)
  target_link_libraries(cornu PRIVATE cornu_${folder})
endforeach()
set_target_properties(cornu PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_include_directories(cornu PUBLIC $<BUILD_INTERFACE:${CORNU_INCLUDE_DIR}> $<INSTALL_INTERFACE:include>)
target_compile_features(cornu PUBLIC cxx_std_20)
target_link_options(cornu PRIVATE LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/cornu.map LINKER:--no-undefined)
set_target_properties(cornu PROPERTIES LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/cornu.map)
