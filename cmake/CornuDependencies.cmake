# What the folders are built with; each library is linked to the one folder that uses it (CornuLibrary.cmake).
# dnnl_DIR or CMAKE_PREFIX_PATH chooses another oneDNN than the system's.
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(dnnl CONFIG REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(LibArchive REQUIRED)  # data sets come as .tar.gz
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)  # SHA-256 of downloads
find_package(ZLIB REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)  # Unicode
find_package(Protobuf REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers: CRC
find_path(SNDFILE_INCLUDE_DIR sndfile.h REQUIRED)  # recordings
find_library(SNDFILE_LIBRARY sndfile REQUIRED)
find_path(SAMPLERATE_INCLUDE_DIR samplerate.h REQUIRED)
find_library(SAMPLERATE_LIBRARY samplerate REQUIRED)
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_path(XBYAK_INCLUDE_DIR xbyak/xbyak.h REQUIRED)  # machine code of fused loops
