#include "cornu/io/hdf5/internal/library.h"

namespace cornu::io::hdf5::internal {

std::mutex& library_mutex() {
  static std::mutex* mutex =
      new std::mutex;  // never destroyed: files may be closed by static objects at the end of the program
  return *mutex;
}

Session::Session() : lock_(library_mutex()) {
  // The program may use HDF5 itself: its way of printing errors comes back at the end.
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Session::~Session() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

std::string error_stack() {
  std::string text;
  auto append = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
    auto& out = *static_cast<std::string*>(data);
    if (!out.empty()) out += ": ";
    out.append(error->func_name ? error->func_name : "?").append("(): ").append(error->desc ? error->desc : "failed");
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, append, &text);
  return text.empty() ? "no further account" : text;
}

}  // namespace cornu::io::hdf5::internal
