# The program `cornu`, which uses the library as any program does, with completions for the shells.
include(GNUInstallDirs)
find_package(Boost REQUIRED COMPONENTS program_options)
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/keras/command_line/*.cpp)
add_executable(cornu_command ${sources})
set_target_properties(cornu_command PROPERTIES OUTPUT_NAME cornu INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
target_compile_definitions(cornu_command PRIVATE CORNU_VERSION="${PROJECT_VERSION}")
target_link_libraries(cornu_command PRIVATE Cornu::cornu cornu_build_flags Boost::program_options DNNL::dnnl nlohmann_json::nlohmann_json)
target_precompile_headers(cornu_command PRIVATE <cornu/cornu.h> <boost/program_options.hpp>)
