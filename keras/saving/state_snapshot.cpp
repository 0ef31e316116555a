#include "cornu/keras/saving/internal/state_snapshot.h"

#include <cstring>

#include "cornu/graph/check.h"

namespace cornu::keras::saving {

using graph::message;
using graph::require;
using graph::random::Generator;

namespace {

// Where a visitor is: names of parts with '/' between them.
void go_into(std::string& path, std::string_view part) { (path += part) += '/'; }
void go_out_of(std::string& path) {
  const std::size_t end = path.size() < 2 ? std::string::npos : path.rfind('/', path.size() - 2);
  path.erase(end == std::string::npos ? 0 : end + 1);
}
std::string joined(const std::string& path, std::string_view name) { return path + std::string(name); }

// Why an array of a snapshot cannot become the value of a variable; empty: it can.
std::string misfit(const std::string& path, const StateSnapshot::Value& value, const graph::Variable& variable) {
  const auto* array = std::get_if<graph::Array>(&value);
  if (array == nullptr) return message(path, " is a number there and an array here");
  if (array->shape() == variable.shape() && array->dtype() == variable.dtype()) return "";
  return message(path, " has shape ", array->shape(), " and dtype ", array->dtype(), " there, shape ", variable.shape(),
                 " and dtype ", variable.dtype(), " here");
}

bool is_below(std::string_view path, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders)
    if (path.starts_with(folder)) return true;
  return false;
}

class SnapshotDifference final : public StateVisitor {
 public:
  SnapshotDifference(const StateSnapshot& snapshot, const std::vector<std::string>& paths)
      : snapshot_(snapshot), paths_(paths) {}
  const std::string& text() const { return text_; }

  void operator()(std::string_view name, graph::Variable& variable) override {
    if (!variable.defined() || !due(name)) return;
    const std::string path = joined(path_, name);
    const auto* value = snapshot_.find(path);
    text_ = value == nullptr ? path + " is not there" : misfit(path, *value, variable);
  }
  void operator()(std::string_view name, std::int64_t&) override { look_for(name); }
  void operator()(std::string_view name, double&) override { look_for(name); }
  void operator()(std::string_view name, Generator&) override { look_for(name); }

 protected:
  void enter(std::string_view name) override { go_into(path_, name); }
  void leave() override { go_out_of(path_); }

 private:
  bool due(std::string_view name) const { return text_.empty() && is_below(joined(path_, name), paths_); }
  void look_for(std::string_view name) {
    const std::string path = joined(path_, name);
    if (due(name) && snapshot_.find(path) == nullptr) text_ = path + " is not there";
  }

  const StateSnapshot& snapshot_;
  const std::vector<std::string>& paths_;
  std::string path_, text_;
};

}  // namespace

// Fills the entries one after the other: as long as the same comes in the same order, values go where values were.
class SnapshotTaker final : public StateVisitor {
 public:
  explicit SnapshotTaker(StateSnapshot& snapshot) : snapshot_(snapshot) {}

  void operator()(std::string_view name, graph::Variable& variable) override {
    if (!variable.defined()) return;
    StateSnapshot::Value& value = next(name);
    auto* array = std::get_if<graph::Array>(&value);
    if (array == nullptr || array->shape() != variable.shape() || array->dtype() != variable.dtype())
      value = variable.value();
    else if (array->nbytes() > 0)
      std::memcpy(array->bytes(), variable.data(), array->nbytes());
  }
  void operator()(std::string_view name, std::int64_t& value) override { next(name) = value; }
  void operator()(std::string_view name, double& value) override { next(name) = value; }
  void operator()(std::string_view name, Generator& generator) override { next(name) = generator; }

  void finish() {
    if (at_ == snapshot_.entries_.size() && same_) return;
    snapshot_.entries_.erase(snapshot_.entries_.begin() + static_cast<std::ptrdiff_t>(at_), snapshot_.entries_.end());
    snapshot_.index_.clear();
    for (std::size_t i = 0; i < snapshot_.entries_.size(); ++i) {
      const std::string& path = snapshot_.entries_[i].path;
      require<ValueError>(snapshot_.index_.emplace(path, i).second, "two states are named ", path);
    }
  }

 protected:
  void enter(std::string_view name) override { go_into(path_, name); }
  void leave() override { go_out_of(path_); }

 private:
  StateSnapshot::Value& next(std::string_view name) {
    auto& entries = snapshot_.entries_;
    const std::string path = joined(path_, name);
    if (at_ == entries.size()) {
      entries.push_back({path, std::int64_t{0}});
      same_ = false;
    } else if (entries[at_].path != path) {
      entries[at_].path = path;
      same_ = false;
    }
    return entries[at_++].value;
  }

  StateSnapshot& snapshot_;
  std::size_t at_ = 0;
  bool same_ = true;
  std::string path_;
};

void StateSnapshot::take(const Visit& visit) {
  SnapshotTaker taker(*this);
  visit(taker);
  taker.finish();
}

void StateSnapshot::add(std::string path, Value value) {
  index_.emplace(path, entries_.size());
  entries_.push_back({std::move(path), std::move(value)});
}

const StateSnapshot::Value* StateSnapshot::find(std::string_view path) const {
  const auto found = index_.find(path);
  return found == index_.end() ? nullptr : &entries_[found->second].value;
}

std::string SnapshotReader::difference(const StateSnapshot& snapshot, const StateSnapshot::Visit& visit,
                                       const std::vector<std::string>& paths) {
  SnapshotDifference difference(snapshot, paths);
  visit(difference);
  return difference.text();
}

void SnapshotReader::enter(std::string_view name) { go_into(path_, name); }
void SnapshotReader::leave() { go_out_of(path_); }

// The value that is to be given now; null: none, or it was given before.
const StateSnapshot::Value* SnapshotReader::next(std::string_view name) {
  std::string path = joined(path_, name);
  const auto* value = snapshot_.find(path);
  if (value == nullptr) {
    missing_.insert(std::move(path));
    return nullptr;
  }
  return given_.insert(std::move(path)).second ? value : nullptr;
}

void SnapshotReader::operator()(std::string_view name, graph::Variable& variable) {
  if (!variable.defined()) return;
  const auto* value = next(name);
  if (value == nullptr) return;
  const std::string why = misfit(joined(path_, name), *value, variable);
  require<ValueError>(why.empty(), why);
  variable.assign(std::get<graph::Array>(*value));
}

template <class T>
void SnapshotReader::give(std::string_view name, T& value) {
  const auto* found = next(name);
  if (found == nullptr) return;
  const T* number = std::get_if<T>(found);
  require<ValueError>(number != nullptr, joined(path_, name), " is of another kind there than here");
  value = *number;
}
void SnapshotReader::operator()(std::string_view name, std::int64_t& value) { give(name, value); }
void SnapshotReader::operator()(std::string_view name, double& value) { give(name, value); }
void SnapshotReader::operator()(std::string_view name, Generator& generator) { give(name, generator); }

std::vector<std::string> SnapshotReader::left() const {
  std::vector<std::string> paths;
  for (const auto& entry : snapshot_.entries())
    if (!given_.contains(entry.path)) paths.push_back(entry.path);
  return paths;
}

}  // namespace cornu::keras::saving
