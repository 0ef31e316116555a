#pragma once

#include <string>

#include "cornu/io/hdf5/reader.h"

namespace cornu::tests {

/// Reads all attributes and datasets of a file, and forgets them. Returns how many could not be read; calls
/// `on_error(text)` for each.
template <class OnError>
class ReadEverything {
 public:
  explicit ReadEverything(OnError on_error) : on_error_(on_error) {}

  int read(const io::hdf5::Group& group, int depth = 0) {
    attributes_of(group);
    for (const std::string& name : group.children()) {
      // A group may be its own descendant, by a link.
      if (depth == 6 || ++objects_ > 1000) return errors_;
      attempt([&] {
        if (group.is_group(name)) return void(read(group.group(name), depth + 1));
        const auto dataset = group.at(name);
        attributes_of(dataset);
        dataset.read();
      });
    }
    return errors_;
  }

 private:
  void attributes_of(const io::hdf5::Object& object) {
    for (const std::string& name : object.attributes())
      attempt([&] {
        try {
          object.texts(name);
        } catch (const FormatError&) {
          object.array(name);
        }
      });
  }
  template <class F>
  void attempt(F f) {
    try {
      f();
    } catch (const FormatError& e) {
      ++errors_;
      on_error_(e.what());
    }
  }

  OnError on_error_;
  int objects_ = 0, errors_ = 0;
};

}  // namespace cornu::tests
