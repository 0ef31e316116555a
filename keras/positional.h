#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cornu::keras {
namespace internal {

template <class Config, std::size_t i>
using PositionalMember = std::remove_reference_t<decltype(std::declval<Config&>().*std::get<i>(Config::positional))>;

// `{}` deduces nothing and a fraction is no whole number, so that neither is taken for a first argument.
template <class A, class Member>
concept FitsMember = std::convertible_to<A, Member> && !(std::is_floating_point_v<A> && std::is_integral_v<Member>);

template <class Config, class... A, std::size_t... i>
constexpr bool fit_members(std::index_sequence<i...>) {
  return (FitsMember<A, PositionalMember<Config, i>> && ...);
}

template <class Config, class... A>
constexpr bool fit_first_members() {
  if constexpr (requires { Config::positional; }) {
    if constexpr (sizeof...(A) <= std::tuple_size_v<std::remove_cvref_t<decltype(Config::positional)>>)
      return fit_members<Config, A...>(std::index_sequence_for<A...>());
  }
  return false;
}

template <class Config, class... A, std::size_t... i>
void set_members(Config& config, std::index_sequence<i...>, A&&... a) {
  ((config.*std::get<i>(Config::positional) = std::forward<A>(a)), ...);
}

}  // namespace internal

/// Whether these can be a config's first arguments, given without names as in Python: `ExponentialDecay(0.1, 1000,
/// 0.96)`. A config lists what it takes so: `static constexpr auto positional = std::tuple(&ExponentialDecayConfig::
/// initial_learning_rate, …)`.
template <class Config, class... A>
concept Positional = internal::fit_first_members<Config, A...>();

/// The config with these as its first arguments.
template <class Config, class... A>
Config with_positional(Config config, A... a) {
  internal::set_members(config, std::index_sequence_for<A...>(), std::move(a)...);
  return config;
}

}  // namespace cornu::keras
