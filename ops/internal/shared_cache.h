#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cornu::ops::internal {

/// Numbers as bytes, equal for equal ones: much faster to make than a text.
class KeyBytes {
 public:
  template <class... T>
  void put(T... numbers) {
    const std::int64_t all[] = {static_cast<std::int64_t>(numbers)...};
    bytes_.append(reinterpret_cast<const char*>(all), sizeof all);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Objects by a text or bytes that are equal for equal ones, each made once while somebody uses it: the loops and
/// primitives of a deep network, which has the same layer many times.
template <class T>
class SharedCache {
 public:
  template <class Make>
  std::shared_ptr<const T> find(const std::string& key, Make&& make) {
    const std::lock_guard lock(mutex_);
    if (const auto found = objects_.find(key); found != objects_.end())
      if (auto object = found->second.lock()) return object;
    if (objects_.size() > kLooseEnds) std::erase_if(objects_, [](const auto& entry) { return entry.second.expired(); });
    std::shared_ptr<const T> object = make();
    objects_[key] = object;
    return object;
  }

 private:
  static constexpr std::size_t kLooseEnds = 256;
  std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<const T>> objects_;
};

}  // namespace cornu::ops::internal
