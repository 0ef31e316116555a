#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "cornu/keras/state.h"

namespace cornu::tests {

/// Takes the state of one object and gives it to another one: `CopiedState s; a.state(s); s.give(); b.state(s)`.
class CopiedState final : public keras::StateVisitor {
 public:
  void give() { giving_ = true; }
  std::size_t size() const { return arrays_.size() + integers_.size() + reals_.size() + generators_.size(); }

  void operator()(std::string_view name, graph::Variable& value) override {
    const std::string key = path_ + std::string(name);
    if (giving_)
      value.assign(arrays_.at(key));
    else
      EXPECT_TRUE(arrays_.emplace(key, value.value().copy()).second) << key << " is visited twice";
  }
  void operator()(std::string_view name, std::int64_t& value) override { copy(integers_, name, value); }
  void operator()(std::string_view name, double& value) override { copy(reals_, name, value); }
  void operator()(std::string_view name, graph::random::Generator& value) override { copy(generators_, name, value); }

 protected:
  void enter(std::string_view name) override { path_ += std::string(name) + "/"; }
  void leave() override { path_.erase(path_.rfind('/', path_.size() - 2) + 1); }

 private:
  template <class T>
  void copy(std::map<std::string, T>& kept, std::string_view name, T& value) {
    const std::string key = path_ + std::string(name);
    if (giving_)
      value = kept.at(key);
    else
      EXPECT_TRUE(kept.emplace(key, value).second) << key << " is visited twice";
  }

  bool giving_ = false;
  std::string path_;
  std::map<std::string, graph::Array> arrays_;
  std::map<std::string, std::int64_t> integers_;
  std::map<std::string, double> reals_;
  std::map<std::string, graph::random::Generator> generators_;
};

}  // namespace cornu::tests
