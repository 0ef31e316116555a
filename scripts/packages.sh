# Sourced by the other scripts: installs what is missing to build and test Cornu on Debian 12 or Ubuntu 24.04, as root or with sudo.

# (the CMake package of libdnnl-dev asks for OpenCL, which the Debian package only recommends)
cornu_build_packages=(g++ cmake ninja-build ccache pkg-config libdnnl-dev libxbyak-dev ocl-icd-opencl-dev libboost-dev libboost-program-options-dev libhdf5-dev libprotobuf-dev
  protobuf-compiler nlohmann-json3-dev libpng-dev libjpeg-dev libcurl4-openssl-dev libssl-dev libicu-dev libarchive-dev libcsv-dev libsamplerate0-dev libsndfile1-dev zlib1g-dev ca-certificates)
cornu_test_packages=(libgtest-dev libgmock-dev libbenchmark-dev hdf5-tools binutils clang graphviz)

cornu_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing and neither root nor sudo is there to install them: ${missing[*]}" >&2; return 1; }
    sudo=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  # A mirror may fail for a moment: three tries.
  local try
  for try in 1 2 3; do
    if "${sudo[@]}" apt-get update -q >/dev/null &&
       "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null; then
      return 0
    fi
    sleep $((try * 5))
  done
  echo "apt-get could not install: ${missing[*]}" >&2
  return 1
}
