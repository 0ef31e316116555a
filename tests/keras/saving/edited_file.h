#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"

namespace cornu::tests {

/// What a model's file holds, to be changed and written again: attributes by "path@name", datasets by path.
struct ModelFile {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, Array> datasets;

  explicit ModelFile(const std::filesystem::path& path) { read(io::hdf5::File(path).root(), ""); }

  void write(const std::filesystem::path& path) const {
    io::hdf5::Writer file(path);
    const auto place = [&](const std::string& key) {
      const auto folder = key.substr(0, key.rfind('@'));
      return folder.empty() ? file.root() : file.root().group(folder);
    };
    for (const auto& [key, value] : texts) place(key).text(key.substr(key.rfind('@') + 1), value);
    for (const auto& [key, value] : lists) place(key).texts(key.substr(key.rfind('@') + 1), value);
    for (const auto& [key, value] : datasets) file.root().dataset(key, value);
    file.commit();
  }
  void remove_group(const std::string& prefix) {
    const auto within = [&](const auto& entry) { return entry.first.starts_with(prefix); };
    std::erase_if(texts, within), std::erase_if(lists, within), std::erase_if(datasets, within);
  }

 private:
  void read(const io::hdf5::Group& group, const std::string& path) {
    for (const std::string& name : group.attributes()) {
      const std::string key = path + "@" + name;
      if (name.ends_with("_names"))
        lists[key] = group.texts(name);
      else
        texts[key] = group.text(name);
    }
    for (const std::string& name : group.children()) {
      const std::string inner = path.empty() ? name : path + "/" + name;
      if (group.is_group(name))
        read(group.group(name), inner);
      else
        datasets[inner] = group.dataset(name);
    }
  }
};

/// Replaces the first occurrence, which must be there.
inline void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("'" + from + "' is not in " + text);
  text.replace(at, from.size(), to);
}

}  // namespace cornu::tests
