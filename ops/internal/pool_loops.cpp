#include "cornu/ops/internal/pool_loops.h"

#include <algorithm>
#include <limits>

#include "cornu/ops/internal/clones.h"

namespace cornu::ops::internal {
namespace {

constexpr std::int64_t kChannels = 64;  // that are looked at side by side

/// The numbers of one window: their places in the image, in the order in which they lie.
struct Places {
  const PoolAxes& axes;
  std::array<std::int64_t, 3> at;
  std::int64_t channels;

  template <class F>
  CORNU_INLINE inline void each(F&& f) const {
    const auto& [a, b, c] = axes;
    for (std::int64_t p = a.begin(at[0]); p < a.end(at[0]); ++p)
      for (std::int64_t q = b.begin(at[1]); q < b.end(at[1]); ++q)
        for (std::int64_t r = c.begin(at[2]); r < c.end(at[2]); ++r) f(((p * b.in + q) * c.in + r) * channels);
  }
  std::int64_t count() const {
    std::int64_t n = 1;
    for (std::size_t i = 0; i < 3; ++i) n *= axes[i].end(at[i]) - axes[i].begin(at[i]);
    return n;
  }
};

/// `f(places, y, c, n)` for each window, whose output begins at y, and each strip of n channels from c on.
template <class F>
CORNU_INLINE inline void each_window(const PoolAxes& axes, std::int64_t channels, F&& f) {
  std::int64_t y = 0;
  for (std::int64_t i = 0; i < axes[0].out; ++i)
    for (std::int64_t j = 0; j < axes[1].out; ++j)
      for (std::int64_t k = 0; k < axes[2].out; ++k, y += channels)
        for (std::int64_t c = 0; c < channels; c += kChannels)
          f(Places{axes, {i, j, k}, channels}, y, c, std::min(kChannels, channels - c));
}

CORNU_INLINE inline bool above(float x, float y) { return x > y || x != x; }  // a NaN stays

template <class T>
CORNU_INLINE inline void largest_of(const PoolAxes& axes, std::int64_t channels, const T* x, T* y) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float most[kChannels];
    std::fill_n(most, n, -std::numeric_limits<float>::infinity());
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) {
        const float value = x[at + c + i];
        most[i] = above(value, most[i]) ? value : most[i];
      }
    });
    for (std::int64_t i = 0; i < n; ++i) y[out + c + i] = most[i];
  });
}

/// As each_window, with y at the strip, and with the number of the largest place of each of its channels.
template <class T, class F>
CORNU_INLINE inline void each_largest(const PoolAxes& axes, std::int64_t channels, const T* x, F&& f) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float most[kChannels];
    std::int32_t which[kChannels], number = 0;
    std::fill_n(most, n, -std::numeric_limits<float>::infinity());
    std::fill_n(which, n, 0);
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) {
        const float value = x[at + c + i];
        // The first NaN, else the first of the largest. Without && and ||, of which g++ makes jumps.
        const bool more = (value > most[i]) | ((value != value) & (most[i] == most[i]));
        which[i] = more ? number : which[i];
        most[i] = more ? value : most[i];
      }
      ++number;
    });
    f(places, out + c, c, n, which);
  });
}

/// `put(there, number)` gives a place's new number from what lies there and what the window puts there.
template <class T, class Put>
CORNU_INLINE inline void put_at_largest_by(const PoolAxes& axes, std::int64_t channels, const T* x, const T* dy,
                                           float* dx, Put&& put) {
  each_largest(axes, channels, x,
               [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n, const std::int32_t* which)
                   CORNU_INLINE {
                     float gradient[kChannels];
                     for (std::int64_t i = 0; i < n; ++i) gradient[i] = dy[out + i];
                     std::int32_t number = 0;
                     places.each([&](std::int64_t at) CORNU_INLINE {
                       for (std::int64_t i = 0; i < n; ++i)
                         dx[at + c + i] = put(dx[at + c + i], which[i] == number ? gradient[i] : 0);
                       ++number;
                     });
                   });
}

template <class T>
CORNU_INLINE inline void take_at_largest_of(const PoolAxes& axes, std::int64_t channels, const T* x, const T* g, T* y) {
  each_largest(axes, channels, x,
               [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n, const std::int32_t* which)
                   CORNU_INLINE {
                     float taken[kChannels] = {};
                     std::int32_t number = 0;
                     places.each([&](std::int64_t at) CORNU_INLINE {
                       for (std::int64_t i = 0; i < n; ++i) {
                         const float value = g[at + c + i];
                         taken[i] = which[i] == number ? value : taken[i];
                       }
                       ++number;
                     });
                     for (std::int64_t i = 0; i < n; ++i) y[out + i] = taken[i];
                   });
}

template <class T>
CORNU_INLINE inline void mean_of(const PoolAxes& axes, std::int64_t channels, const T* x, T* y) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float sum[kChannels] = {};
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) sum[i] += x[at + c + i];
    });
    const auto count = static_cast<float>(places.count());
    for (std::int64_t i = 0; i < n; ++i) y[out + c + i] = sum[i] / count;
  });
}

template <class T>
CORNU_INLINE inline void add_mean_of(const PoolAxes& axes, std::int64_t channels, const T* dy, float* dx) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float share[kChannels];
    const auto count = static_cast<float>(places.count());
    for (std::int64_t i = 0; i < n; ++i) share[i] = dy[out + c + i] / count;
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) dx[at + c + i] += share[i];
    });
  });
}

}  // namespace

bool lie_apart(const PoolAxes& axes) {
  return std::all_of(axes.begin(), axes.end(), [](const PoolAxis& a) { return a.stride >= a.window; });
}
bool lie_everywhere(const PoolAxes& axes) {
  return std::all_of(axes.begin(), axes.end(), [](const PoolAxis& a) {
    return a.stride <= a.window && a.begin(0) == 0 && a.end(a.out - 1) == a.in;
  });
}

// Functions by name, because g++ makes no clones of templates.
#define CORNU_POOL_LOOPS(T)                                                                                            \
  CORNU_CLONES void largest(const PoolAxes& axes, std::int64_t channels, const T* x, T* y) {                           \
    largest_of(axes, channels, x, y);                                                                                  \
  }                                                                                                                    \
  CORNU_CLONES void add_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* dy, float* dx) {  \
    put_at_largest_by(axes, channels, x, dy, dx, [](float there, float more) CORNU_INLINE { return there + more; });   \
  }                                                                                                                    \
  CORNU_CLONES void put_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* dy, float* dx) {  \
    put_at_largest_by(axes, channels, x, dy, dx, [](float, float number) CORNU_INLINE { return number; });             \
  }                                                                                                                    \
  CORNU_CLONES void take_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* g, T* y) {       \
    take_at_largest_of(axes, channels, x, g, y);                                                                       \
  }                                                                                                                    \
  CORNU_CLONES void mean(const PoolAxes& axes, std::int64_t channels, const T* x, T* y) {                              \
    mean_of(axes, channels, x, y);                                                                                     \
  }                                                                                                                    \
  CORNU_CLONES void add_mean(const PoolAxes& axes, std::int64_t channels, const T* dy, float* dx) {                    \
    add_mean_of(axes, channels, dy, dx);                                                                               \
  }
CORNU_POOL_LOOPS(float)
CORNU_POOL_LOOPS(graph::BFloat16)
#undef CORNU_POOL_LOOPS

}  // namespace cornu::ops::internal
