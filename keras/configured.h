#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "cornu/keras/object.h"
#include "cornu/keras/positional.h"

namespace cornu::keras {

/// Marks the constructor by which a kind of objects takes its base arguments from the config of a class: `template
/// <class Config> Loss(FromConfig, const Config& c)`. Such a kind says `using TakesConfig = FromConfig`.
struct FromConfig {};
template <class Kind>
concept MadeFromConfig = requires {
  typename Kind::TakesConfig;
};

/// The base of a class that is made from a config struct and keeps it: `class DenseLayer : public Configured<Layer,
/// DenseConfig>`. A config that can be wrong has `void check()`, which throws, and may complete what was left open.
/// First arguments that can be given without names are listed by `positional`.
template <class Kind, class ConfigStruct>
class Configured : public Kind {
 public:
  using Config = ConfigStruct;
  Configured(Config config = {})  // NOLINT: from a config
      requires MadeFromConfig<Kind> : Kind(FromConfig(), config),
                                      config_(std::move(config)) {
    check();
  }
  Configured(Config config = {})  // NOLINT: from a config
      requires(!MadeFromConfig<Kind>)
      : config_(std::move(config)) {
    check();
  }

  // Not for an object that is copied: whether a layer is an argument of its own kind is asked while that kind is
  // defined.
  template <class A>
  requires(!std::is_base_of_v<Configured, A> && Positional<Config, A>) explicit Configured(A a, Config config = {})
      : Configured(with_positional(std::move(config), std::move(a))) {}
  template <class A, class B>
  requires Positional<Config, A, B> Configured(A a, B b, Config config = {})
      : Configured(with_positional(std::move(config), std::move(a), std::move(b))) {}
  template <class A, class B, class C>
  requires Positional<Config, A, B, C> Configured(A a, B b, C c, Config config = {})
      : Configured(with_positional(std::move(config), std::move(a), std::move(b), std::move(c))) {}

  const Config& config() const { return config_; }
  /// A kind with arguments that change (a metric's name, a learning rate) puts them into the config: `visit`.
  void fields(ConfigVisitor& v) override {
    if constexpr (requires { this->visit(config_, v); })
      this->visit(config_, v);
    else if constexpr (requires { config_.fields(v); })
      config_.fields(v);
  }

 protected:
  Config config_;

 private:
  void check() {
    if constexpr (requires { config_.check(); }) config_.check();
  }
};

/// What `make` of a config gives whose class stands in a source file: `Made<Layer, FlattenConfig> make() const;`.
template <class Kind, class ConfigStruct>
using Made = std::shared_ptr<Configured<Kind, ConfigStruct>>;

/// The config of what has no arguments.
struct NoArguments {};

}  // namespace cornu::keras
