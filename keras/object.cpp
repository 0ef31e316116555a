#include "cornu/keras/object.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

#include "cornu/keras/field_value.h"
#include "cornu/keras/registry.h"

namespace cornu::keras {

void throw_empty_handle() { throw graph::ValueError("an empty handle was used"); }

namespace {

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

ObjectSlot::~ObjectSlot() = default;
ObjectList::~ObjectList() = default;
ConfigVisitor::~ConfigVisitor() = default;
void ConfigVisitor::not_in_keras2(const std::string&) {}
Object::~Object() = default;

std::string Object::class_name() const {
  const AnyRegistry::Entry* entry = registered_as(*this);
  return entry ? entry->class_name : last_part(typeid(*this));
}

std::string Object::described() const { return kind() ? kind()->kind() + " '" + class_name() + "'" : class_name(); }

void ConfigVisitor::give(const Field& field, bool* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, int* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::int64_t* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, double* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::string* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, graph::Shape* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<bool>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<int>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<std::int64_t>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<double>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::vector<int>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<std::vector<int>>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::vector<double>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::vector<std::string>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, std::optional<graph::Array>* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, ObjectSlot* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, ObjectList* value) { visit(field, value); }
void ConfigVisitor::give(const Field& field, LayerGraph* value) { visit(field, value); }

}  // namespace cornu::keras
