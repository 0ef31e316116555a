#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "cornu/graph/check.h"

namespace cornu::io::hdf5::internal {

/// The lock of the HDF5 library, which is built without one.
std::mutex& library_mutex();

/// A stretch of calls into the library: holds its lock, and keeps it from printing errors by itself. Not recursive.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// Owns an identifier of the library. Made, moved and destroyed within a Session.
class Id {
 public:
  using Close = herr_t (*)(hid_t);
  Id() = default;
  Id(hid_t id, Close close) : id_(id), close_(close) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Id() { reset(); }

  explicit operator bool() const { return id_ >= 0; }
  operator hid_t() const { return id_; }  // NOLINT: stands for the identifier in every call
  void reset() {
    if (id_ >= 0) close_(id_);
    id_ = H5I_INVALID_HID;
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// The library's own account of the last error, outermost function first: `H5Aread(): can't read attribute:
/// H5HG_read(): ...`.
std::string error_stack();

/// Throws `E` with the parts and the error stack unless `ok`.
template <class E, class... Parts>
void require_call(bool ok, const Parts&... parts) {
  if (!ok) [[unlikely]]
    throw E(graph::message(parts..., " [HDF5: ", error_stack(), "]"));
}

}  // namespace cornu::io::hdf5::internal
