#include "cornu/autodiff/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/array/random.h"

namespace cornu::autodiff {
namespace {

using graph::Array;
using graph::float32;
using graph::Function;
using graph::message;
using graph::Outputs;
using graph::require;
using graph::Shape;

constexpr double kUnitRoundoff = 1.0 / (1 << 24);
constexpr int kHalvings = 5;

double norm(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

double largest(double start, const std::vector<double>& v) {
  for (const double x : v) start = std::max(start, std::abs(x));
  return start;
}

std::string index_text(const Shape& shape, std::int64_t element) {
  std::string text;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    text = std::to_string(element % shape[axis]) + (text.empty() ? "" : ", ") + text;
    element /= shape[axis];
  }
  return text.empty() ? "" : " [" + text + "]";
}

// Several arrays seen as one vector: where element e lies, for texts.
std::string place(const std::vector<Array>& arrays, const std::vector<std::string>& names, std::int64_t e) {
  std::size_t k = 0;
  while (e >= arrays[k].size()) e -= arrays[k++].size();
  return names[k] + index_text(arrays[k].shape(), e);
}

std::vector<double> flat(const std::vector<Array>& arrays) {
  std::vector<double> v;
  for (const Array& a : arrays) v.insert(v.end(), a.span<float>().begin(), a.span<float>().end());
  return v;
}

// A function of float32 arrays with its gradient, at one point.
struct Subject {
  Function value;                         // inputs -> outputs
  Function gradient;                      // inputs, cotangents -> gradients by wrt
  std::vector<Array> inputs, outputs, x;  // x: those of the inputs that are differentiated by, sharing their buffers
  std::vector<int> wrt;
  std::vector<std::string> output_names, x_names;
  std::vector<double> x0;

  Subject(const Function& f, const std::vector<Array>& at, std::vector<int> by) : wrt(std::move(by)) {
    value = Function([f](std::span<const Tensor> arguments) {
      Outputs all = f.inlined(arguments), floating;
      for (const Tensor& t : all.tensors())
        if (graph::is_floating(t.dtype())) floating.add(t);
      return floating;
    });
    gradient = Function([value = value, n = at.size(), wrt = wrt](std::span<const Tensor> arguments) {
      std::vector<Wrt> by;
      for (const int i : wrt) by.emplace_back(arguments[i]);
      const Tensors outputs = value.inlined(arguments.first(n)).tensors();
      return Outputs(gradients(outputs, Tensors(arguments.begin() + n, arguments.end()), by));
    });
    for (const Array& a : at) inputs.push_back(a.copy());
    for (const int i : wrt) x.push_back(inputs[i]), x_names.push_back("input " + std::to_string(i));
    x0 = flat(x);
    outputs = value.call(inputs).arrays();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      require<TypeError>(outputs[i].dtype() == float32, "gradient_check: works in float32, output ", i, " is ",
                         outputs[i].spec());
      output_names.push_back("output " + std::to_string(i));
    }
    require<ValueError>(!outputs.empty(), "gradient_check: the function has no floating output");
  }

  std::vector<double> values() const { return flat(value.call(inputs).arrays()); }

  // Moves to x0 + alpha t and gives back where that is, in float32.
  std::vector<double> move(double alpha, const std::vector<double>& t) {
    std::size_t j = 0;
    for (const Array& a : x)
      for (float& e : a.span<float>()) e = static_cast<float>(x0[j] + alpha * t[j]), ++j;
    return flat(x);
  }

  struct Slope {
    std::vector<double> d;  // by output
    std::vector<double> t;  // the direction as it came out after rounding
  };
  Slope central(const std::vector<double>& t, double h) {
    Slope s;
    s.t = move(h, t), s.d = values();
    const std::vector<double> x_down = move(-h, t), down = values();
    move(0, t);
    for (std::size_t i = 0; i < s.d.size(); ++i) s.d[i] = (s.d[i] - down[i]) / (2 * h);
    for (std::size_t j = 0; j < s.t.size(); ++j) s.t[j] = (s.t[j] - x_down[j]) / (2 * h);
    return s;
  }

  // u^T J by reverse mode.
  std::vector<double> product(const std::vector<double>& u) {
    std::vector<Array> arguments = inputs;
    auto from = u.begin();
    for (const Array& y : outputs) {
      Array cotangent(y.shape());
      std::transform(from, from + y.size(), cotangent.data<float>(), [](double v) { return static_cast<float>(v); });
      from += y.size();
      arguments.push_back(std::move(cotangent));
    }
    return flat(gradient.call(arguments).arrays());
  }
};

double reach(double x) { return std::max(1.0, std::abs(x)); }

// The sizes from which bounds follow: of the function's values and of its gradients.
struct Scale {
  double value = 0, gradient = 0;

  void see(const std::vector<double>& gradients, const std::vector<double>& x) {
    for (std::size_t j = 0; j < x.size(); ++j) value = std::max(value, std::abs(gradients[j]) * reach(x[j]));
    gradient = largest(gradient, gradients);
  }
  double rounding(const GradientCheckConfig& config, double h) const {
    return config.roundings * kUnitRoundoff * (1.5 * value / h + gradient);
  }
};

struct Compared {
  double got, want, bound;
};

std::vector<double> extrapolate(const std::vector<double>& narrow, const std::vector<double>& wide) {
  std::vector<double> v(narrow.size());
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = (4 * narrow[i] - wide[i]) / 3;
  return v;
}

// Slopes along t by differences against `expect(t)`, by what `project` makes of the outputs. The step is halved while
// curvature outweighs rounding; of each slope the one with the smallest bound is taken.
template <class Project, class Expect>
std::vector<Compared> compare(Subject& f, const GradientCheckConfig& config, const Scale& scale,
                              const std::vector<double>& t, double h, const Project& project, const Expect& expect) {
  std::vector<Compared> best;
  Subject::Slope wider = f.central(t, 4 * h), wide = f.central(t, 2 * h);
  for (int halvings = 0; halvings <= kHalvings; ++halvings, h /= 2) {
    Subject::Slope narrow = f.central(t, h);
    const std::vector<double> d1 = project(narrow.d), d2 = project(wide.d), d4 = project(wider.d);
    const std::vector<double> want = extrapolate(d1, d2), got = expect(extrapolate(narrow.t, wide.t));
    const double rounding = scale.rounding(config, h);
    bool settled = true;
    for (std::size_t i = 0; i < want.size(); ++i) {
      // Of two pairs, equal in theory: one alone may be small by chance.
      const double curvature = std::max(std::abs(d1[i] - d2[i]), std::abs(d2[i] - d4[i]) / 4) / 3,
                   bound = rounding + curvature;
      settled &= curvature <= rounding;
      if (halvings == 0)
        best.push_back({got[i], want[i], bound});
      else if (bound < best[i].bound || std::isnan(best[i].bound))
        best[i] = {got[i], want[i], bound};
    }
    if (settled) break;
    wider = std::move(wide), wide = std::move(narrow);
  }
  return best;
}

// Keeps the worst place of a report: the one with the largest error as a part of its bound.
struct Worst {
  GradientReport report;
  double ratio = -1;

  template <class Place>
  void see(const Compared& c, const Place& where) {
    const double error = std::abs(c.got - c.want);
    double r = std::numeric_limits<double>::infinity();
    if (std::isfinite(error) && std::isfinite(c.bound) && (c.bound > 0 || error == 0))
      r = error == 0 ? 0 : error / c.bound;
    if (r <= ratio) return;
    ratio = r;
    report = {error, c.bound, r <= 1, message(where(), ": autodiff ", c.got, ", differences ", c.want)};
  }
};

Worst check_whole(Subject& f, const GradientCheckConfig& config) {
  const std::size_t n = f.x0.size(), m = f.values().size();
  std::vector<std::vector<double>> rows;  // of the Jacobian
  Scale scale{largest(0, f.values())};
  for (std::size_t i = 0; i < m; ++i) {
    std::vector<double> u(m);
    u[i] = 1;
    rows.push_back(f.product(u));
    scale.see(rows.back(), f.x0);
  }
  Worst worst;
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> t(n);
    t[j] = 1;
    const auto all = [](const std::vector<double>& d) { return d; };
    const auto column = [&](const std::vector<double>& moved) {
      std::vector<double> d(m);
      for (std::size_t i = 0; i < m; ++i) d[i] = rows[i][j] * moved[j];
      return d;
    };
    const std::vector<Compared> compared = compare(f, config, scale, t, config.step * reach(f.x0[j]), all, column);
    for (std::size_t i = 0; i < m; ++i)
      worst.see(compared[i], [&] {
        return "d " + place(f.outputs, f.output_names, static_cast<std::int64_t>(i)) + " / d " +
               place(f.x, f.x_names, static_cast<std::int64_t>(j));
      });
  }
  return worst;
}

Worst check_direction(Subject& f, const GradientCheckConfig& config) {
  graph::random::Generator rng(config.seed);
  const auto random = [&](std::size_t n) {
    std::vector<double> v(n);
    for (double& e : v) e = static_cast<float>(2 * rng.next_double() - 1);
    return v;
  };
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  const std::vector<double> values = f.values(), u = random(values.size());
  std::vector<double> t = random(f.x0.size());
  for (std::size_t j = 0; j < t.size(); ++j) t[j] *= reach(f.x0[j]);
  const std::vector<double> g = f.product(u);

  Scale scale{largest(0, values) * norm(u)};  // roundings do not know u and t: sums of them grow as the norms
  scale.see(g, f.x0);
  scale.gradient *= norm(t);
  const auto project = [&](const std::vector<double>& d) { return std::vector<double>{dot(u, d)}; };
  const auto expect = [&](const std::vector<double>& moved) { return std::vector<double>{dot(g, moved)}; };
  Worst worst;
  worst.see(compare(f, config, scale, t, config.step, project, expect)[0], [] { return "one random direction"; });
  return worst;
}

Worst check_subject(Subject& f, const GradientCheckConfig& config) {
  std::int64_t m = 0;
  for (const Array& y : f.outputs) m += y.size();
  const auto n = static_cast<std::int64_t>(f.x0.size());
  require<ValueError>(n > 0 && m > 0, "gradient_check: nothing to differentiate: ", n, " elements of inputs, ", m,
                      " of outputs");
  return m <= config.full / n ? check_whole(f, config) : check_direction(f, config);
}

std::vector<int> differentiated(const std::vector<Array>& inputs, std::vector<int> wrt) {
  if (wrt.empty())
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].dtype() == float32) wrt.push_back(static_cast<int>(i));
  for (const int i : wrt) {
    require<ValueError>(i >= 0 && i < static_cast<int>(inputs.size()), "gradient_check: no input ", i, ", there are ",
                        inputs.size());
    require<TypeError>(inputs[i].dtype() == float32, "gradient_check: works in float32, input ", i, " is ",
                       inputs[i].spec());
  }
  require<ValueError>(!wrt.empty(), "gradient_check: no input is float32: nothing to differentiate by");
  return wrt;
}

}  // namespace

GradientReport gradient_check(const Function& f, const std::vector<Array>& inputs, const GradientCheckConfig& config) {
  require<ValueError>(config.order == 1 || config.order == 2, "gradient_check: order must be 1 or 2, got ",
                      config.order);
  require<ValueError>(config.step > 0 && config.step < 1, "gradient_check: step must lie between 0 and 1, got ",
                      config.step);
  require<ValueError>(config.roundings > 0, "gradient_check: roundings must be positive, got ", config.roundings);
  Subject first(f, inputs, differentiated(inputs, config.wrt));
  const Worst worst = check_subject(first, config);
  if (config.order == 1 || !worst.report.passed) return worst.report;

  // The gradients as a function of the inputs and of a cotangent.
  graph::random::Generator rng(config.seed);
  std::vector<Array> arguments = inputs;
  std::vector<int> wrt = first.wrt;
  std::vector<std::string> cotangent_names;
  for (std::size_t i = 0; i < first.outputs.size(); ++i) {
    wrt.push_back(static_cast<int>(arguments.size()));
    arguments.push_back(rng.uniform(first.outputs[i].shape(), -1, 1));
    cotangent_names.push_back("cotangent of " + first.output_names[i]);
  }
  Subject second(first.gradient, arguments, wrt);
  for (std::size_t i = 0; i < first.wrt.size(); ++i) second.output_names[i] = "gradient by " + first.x_names[i];
  std::copy(cotangent_names.begin(), cotangent_names.end(),
            second.x_names.begin() + static_cast<std::ptrdiff_t>(first.wrt.size()));
  const Worst worst2 = check_subject(second, config);
  return worst2.ratio > worst.ratio ? worst2.report : worst.report;
}

std::ostream& operator<<(std::ostream& out, const GradientReport& report) {
  return out << (report.passed ? "passed" : "failed") << ": error " << report.max_error << ", bound " << report.bound
             << " at " << report.where;
}

}  // namespace cornu::autodiff
