# cmake --install puts libcornu, its headers and a CMake package there: find_package(Cornu) gives the target Cornu::cornu.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS cornu EXPORT CornuTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
# The program, and what completes its commands: made by itself.
install(TARGETS cornu_command)
install(CODE "execute_process(COMMAND $<TARGET_FILE:cornu_command> completion bash OUTPUT_FILE ${PROJECT_BINARY_DIR}/completion.bash COMMAND_ERROR_IS_FATAL ANY)
              execute_process(COMMAND $<TARGET_FILE:cornu_command> completion zsh OUTPUT_FILE ${PROJECT_BINARY_DIR}/completion.zsh COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${PROJECT_BINARY_DIR}/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME cornu)
install(FILES ${PROJECT_BINARY_DIR}/completion.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _cornu)
foreach(header IN LISTS CORNU_PUBLIC_HEADERS)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cornu/${folder})
endforeach()
install(FILES ${CORNU_INCLUDE_DIR}/cornu/cornu.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cornu)

set(CORNU_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Cornu)
install(EXPORT CornuTargets NAMESPACE Cornu:: DESTINATION ${CORNU_PACKAGE_DIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/CornuConfig.cmake.in ${PROJECT_BINARY_DIR}/CornuConfig.cmake INSTALL_DESTINATION ${CORNU_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/CornuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/CornuConfig.cmake ${PROJECT_BINARY_DIR}/CornuConfigVersion.cmake DESTINATION ${CORNU_PACKAGE_DIR})
