#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cornu/keras/state.h"

namespace cornu::keras::saving {

/// The numbers of a state, apart from the objects that they are of: a value for each path, `model/dense/kernel`.
class StateSnapshot {
 public:
  using Value = std::variant<graph::Array, std::int64_t, double, graph::random::Generator>;
  struct Entry {
    std::string path;
    Value value;
  };
  using Visit = std::function<void(StateVisitor&)>;

  /// Copies what is visited, variables that are not built left out. Where the same is visited as the last time, the
  /// memory of then is used again. Throws ValueError if two have one path.
  void take(const Visit& visit);
  /// Adds one that was read from a file.
  void add(std::string path, Value value);
  const std::vector<Entry>& entries() const { return entries_; }
  /// Null if there is none.
  const Value* find(std::string_view path) const;

 private:
  friend class SnapshotTaker;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// Gives the values of a snapshot to what it visits: to each once, however often it is used, so that what was not built
/// the first time gets its values the second time. The snapshot must live as long.
class SnapshotReader final : public StateVisitor {
 public:
  explicit SnapshotReader(const StateSnapshot& snapshot) : snapshot_(snapshot) {}

  /// What is in the way of reading: variables of `visit` under one of these paths ("model/") that have another shape or
  /// dtype here than in the snapshot, or are not there. Nothing is changed. Empty: nothing.
  static std::string difference(const StateSnapshot& snapshot, const StateSnapshot::Visit& visit,
                                const std::vector<std::string>& paths);

  /// Throw ValueError for a value of another kind, shape or dtype.
  void operator()(std::string_view name, graph::Variable& variable) override;
  void operator()(std::string_view name, std::int64_t& value) override;
  void operator()(std::string_view name, double& value) override;
  void operator()(std::string_view name, graph::random::Generator& generator) override;

  /// Paths that were visited and are not in the snapshot.
  const std::set<std::string>& missing() const { return missing_; }
  /// Paths of the snapshot that were not visited.
  std::vector<std::string> left() const;

 protected:
  void enter(std::string_view name) override;
  void leave() override;

 private:
  const StateSnapshot::Value* next(std::string_view name);
  template <class T>
  void give(std::string_view name, T& value);

  const StateSnapshot& snapshot_;
  std::string path_;
  std::set<std::string> missing_, given_;
};

}  // namespace cornu::keras::saving
