#pragma once

#include <utility>

#include "cornu/keras/object.h"

namespace cornu::keras {

/// The base of a class that is made from a config struct and keeps it: `class L2 : public Configured<Regularizer,
/// L2Config>`.
template <class Kind, class ConfigStruct>
class Configured : public Kind {
 public:
  using Config = ConfigStruct;
  explicit Configured(Config config = {}) : config_(std::move(config)) {}
  const Config& config() const { return config_; }
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 protected:
  Config config_;
};

/// The config of what has no arguments.
struct NoArguments {
  void fields(ConfigVisitor&) {}
};

}  // namespace cornu::keras
