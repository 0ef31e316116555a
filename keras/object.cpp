#include "cornu/keras/object.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <typeindex>
#include <unordered_map>

namespace cornu::keras {
namespace {

struct ClassNames {
  std::mutex mutex;
  std::unordered_map<std::type_index, std::string> by_type;
};
ClassNames& class_names() {
  static ClassNames names;
  return names;
}

// "cornu::keras::(anonymous namespace)::Scale<int>" -> "Scale".
std::string last_part(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  std::string name = status == 0 ? demangled.get() : type.name();
  int depth = 0;
  std::size_t start = 0, stop = name.size();
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<' && depth++ == 0)
      stop = i;
    else if (name[i] == '>')
      --depth;
    else if (name[i] == ':' && depth == 0)
      start = i + 1, stop = name.size();
  }
  return name.substr(start, stop - start);
}

}  // namespace

ConfigVisitor::~ConfigVisitor() = default;
Object::~Object() = default;

void remember_class_name(const std::type_info& type, const std::string& class_name) {
  ClassNames& names = class_names();
  const std::lock_guard lock(names.mutex);
  names.by_type.emplace(type, class_name);
}

std::string Object::class_name() const {
  const std::type_info& type = typeid(*this);
  ClassNames& names = class_names();
  const std::lock_guard lock(names.mutex);
  const auto found = names.by_type.find(type);
  return found != names.by_type.end() ? found->second : last_part(type);
}

}  // namespace cornu::keras
