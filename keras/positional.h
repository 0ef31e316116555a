#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

namespace cornu::keras {

/// The members of a config that may be given without names as in Python, `ExponentialDecay(0.1, 1000, 0.96)`. A config
/// lists them: `using positional = Positions<&PolynomialDecayConfig::initial_learning_rate, …>`.
template <auto... members>
struct Positions {};

namespace internal {

template <class Config, class Member>
Member member_type(Member Config::*);

// `{}` deduces nothing and a fraction is no whole number, so that neither is taken for a first argument.
template <class A, class Member>
concept FitsMember = std::convertible_to<A, Member> && !(std::is_floating_point_v<A> && std::is_integral_v<Member>);

template <class Positions, class... A>
inline constexpr bool kFits = false;
template <auto... rest>
inline constexpr bool kFits<Positions<rest...>> = true;
template <auto first, auto... rest, class A, class... More>
inline constexpr bool kFits<Positions<first, rest...>, A, More...> =
    FitsMember<A, decltype(member_type(first))>&& kFits<Positions<rest...>, More...>;

template <class Config, auto... rest>
void set_members(Config&, Positions<rest...>) {}
template <class Config, auto first, auto... rest, class A, class... More>
void set_members(Config& config, Positions<first, rest...>, A&& a, More&&... more) {
  config.*first = std::forward<A>(a);
  set_members(config, Positions<rest...>(), std::forward<More>(more)...);
}

}  // namespace internal

/// Whether these can be a config's first arguments, given without names.
template <class Config, class... A>
concept Positional = internal::kFits<typename Config::positional, A...>;

/// The config with these as its first arguments.
template <class Config, class... A>
Config with_positional(Config config, A... a) {
  internal::set_members(config, typename Config::positional(), std::move(a)...);
  return config;
}

}  // namespace cornu::keras
