#include "cornu/ops/jit/elementwise_jit.h"

#if defined(__x86_64__) && !defined(CORNU_NO_JIT)

#include <dnnl.h>
#include <xbyak/xbyak.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <set>

namespace cornu::ops::jit {
namespace {

using internal::Expression;
using internal::kLoopOperands;
using internal::LoopOperand;
using internal::LoopResult;
using Code = Expression::Code;
using graph::DType;

bool has(dnnl_cpu_isa_t isa) {
  static const unsigned available = dnnl_get_effective_cpu_isa();
  return (available & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

constexpr std::size_t kLanes = 16;

struct OutOfRegisters {};

// void f(const void* const* in, void* const* out, int64_t n), where n is a positive multiple of the lanes: loads,
// computes, then stores, so that an output may lie where an input does.
class Generator final : public Xbyak::CodeGenerator {
 public:
  // `holds`: constants stay in registers, if there are enough of those.
  Generator(const Expression& e, const std::vector<LoopOperand>& in, const std::vector<LoopResult>& out, bool wide,
            bool holds)
      : CodeGenerator(kBytes, Xbyak::DontSetProtectRWE),
        e_(e),
        in_(in),
        out_(out),
        wide_(wide),
        holds_(holds),
        registers_(e.steps.size(), kNone) {
    for (int i = wide ? 31 : 15; i >= 0; --i) free_.push_back(i);
    count_uses();
    broadcast_still_inputs();
    if (holds_) load_constants();
    load_pointers();
    xor_(i_, i_);
    Xbyak::Label again;
    L(again);
    for (std::size_t i = static_cast<std::size_t>(e_.inputs); i < e_.steps.size(); ++i)
      if (e_.steps[i].code != Code::constant) step(static_cast<int>(i));
    for (std::size_t i = 0; i < out_.size(); ++i) store(static_cast<int>(i));
    add(i_, lanes());
    cmp(i_, n_);
    jb(again, T_NEAR);
    vzeroupper();
    ret();
    write_constants();
    setProtectModeRE();
  }

  int lanes() const { return wide_ ? 16 : 8; }
  using Function = void (*)(const void* const*, void* const*, std::int64_t);
  Function function() const { return getCode<Function>(); }

 private:
  static constexpr std::size_t kBytes = 16384;
  static constexpr int kNone = -1;
  static constexpr std::uint8_t kUnordered = 3;

  bool has_bfloat16() const { return wide_ && has(dnnl_cpu_isa_avx512_core_bf16); }

  const Expression::Step& at(int i) const { return e_.steps[static_cast<std::size_t>(i)]; }
  bool is_constant(int i) const { return at(i).code == Code::constant; }
  bool is_still(int i) const { return at(i).code == Code::input && !in_[static_cast<std::size_t>(at(i).a)].moves; }

  void count_uses() {
    uses_.assign(e_.steps.size(), 0);
    for (const Expression::Step& s : e_.steps) {
      const int operand[] = {s.a, s.b, s.c, s.d};
      for (int k = 0; k < e_.operands(s); ++k) ++uses_[static_cast<std::size_t>(operand[k])];
    }
    for (const int output : e_.outputs) ++uses_[static_cast<std::size_t>(output)];
  }

  int take() {
    if (free_.empty()) throw OutOfRegisters();
    const int r = free_.back();
    free_.pop_back();
    return r;
  }
  void give(int r) { free_.push_back(r); }
  // One use of a step's value has passed.
  void used(int i) {
    if (--uses_[static_cast<std::size_t>(i)] > 0 || is_constant(i) || is_still(i)) return;
    give(registers_[static_cast<std::size_t>(i)]);
  }

  Xbyak::Xmm vec(int r) const {
    return wide_ ? static_cast<Xbyak::Xmm>(Xbyak::Zmm(r)) : static_cast<Xbyak::Xmm>(Xbyak::Ymm(r));
  }
  Xbyak::Address constant(float x) { return ptr[rip + constants_[std::bit_cast<std::uint32_t>(x)]]; }

  void broadcast_still_inputs() {
    for (int i = 0; i < e_.inputs; ++i) {
      if (!is_still(i) || uses_[static_cast<std::size_t>(i)] == 0) continue;
      const int r = registers_[static_cast<std::size_t>(i)] = take();
      mov(p_, ptr[in_array_ + 8 * i]);
      if (in_[static_cast<std::size_t>(i)].dtype == DType::float32) {
        vbroadcastss(vec(r), ptr[p_]);
      } else {
        movzx(eax, word[p_]);
        shl(eax, 16);
        vmovd(Xbyak::Xmm(r), eax);
        vbroadcastss(vec(r), Xbyak::Xmm(r));
      }
    }
  }

  void load_constants() {
    for (std::size_t i = 0; i < e_.steps.size(); ++i) {
      if (!is_constant(static_cast<int>(i)) || uses_[i] == 0) continue;
      registers_[i] = take();
      vmovups(vec(registers_[i]), constant(e_.steps[i].value));
    }
  }

  // Where the first operands lie stays in registers, too.
  void load_pointers() {
    static const Xbyak::Reg64 kFree[] = {r8, r9, r10, r11};
    std::size_t next = 0;
    const auto load = [&](const Xbyak::Reg64& array, int k, std::map<int, Xbyak::Reg64>& pointers) {
      if (next == std::size(kFree)) return;
      pointers[k] = kFree[next++];
      mov(pointers[k], ptr[array + 8 * k]);
    };
    for (int k = 0; k < static_cast<int>(out_.size()); ++k) load(out_array_, k, out_pointers_);
    for (int k = 0; k < e_.inputs; ++k)
      if (in_[static_cast<std::size_t>(k)].moves && uses_[static_cast<std::size_t>(k)] > 0)
        load(in_array_, k, in_pointers_);
  }
  Xbyak::Reg64 pointer(const Xbyak::Reg64& array, int k, const std::map<int, Xbyak::Reg64>& pointers) {
    if (const auto found = pointers.find(k); found != pointers.end()) return found->second;
    mov(p_, ptr[array + 8 * k]);
    return p_;
  }

  // The value in a register; a moving input is loaded where it is first needed.
  int value(int i) {
    int& r = registers_[static_cast<std::size_t>(i)];
    if (is_constant(i)) {
      if (holds_) return r;
      const int fresh = take();
      temporary_.push_back(fresh);
      vmovups(vec(fresh), constant(at(i).value));
      return fresh;
    }
    if (at(i).code != Code::input || is_still(i) || loaded_.contains(i)) return r;
    loaded_.insert(i);
    r = take();
    const int k = at(i).a;
    const Xbyak::Reg64 from = pointer(in_array_, k, in_pointers_);
    if (in_[static_cast<std::size_t>(k)].dtype == DType::float32) {
      vmovups(vec(r), ptr[from + i_ * 4]);
    } else {
      vpmovzxwd(vec(r), ptr[from + i_ * 2]);
      vpslld(vec(r), vec(r), 16);
    }
    return r;
  }
  // The value as a second operand: constants that are not held come from memory.
  const Xbyak::Operand& operand(int i) {
    const bool in_memory = is_constant(i) && !holds_;
    if (in_memory)
      operand_memory_.push_back(constant(at(i).value));
    else
      operand_register_.push_back(vec(value(i)));
    return in_memory ? static_cast<const Xbyak::Operand&>(operand_memory_.back()) : operand_register_.back();
  }

  void step(int i) {
    const Expression::Step& s = at(i);
    const int n = e_.operands(s);
    int a = s.a, b = s.b;
    if ((s.code == Code::add || s.code == Code::multiply) && is_constant(a)) std::swap(a, b);
    // Operands are read before the result is written, so that it may take the register of one that dies here.
    if (s.code == Code::multiply_add) return multiply_add(i, s);
    if (s.code == Code::ldexp && !wide_) return scale_in_two_steps(i, s);
    const int ra = value(a);
    if (s.code == Code::select) return select(i, s, ra);
    const Xbyak::Operand* second = n == 2 ? &operand(b) : nullptr;
    release(a, n == 2 ? b : kNone);
    const int to = registers_[static_cast<std::size_t>(i)] = take();
    const Xbyak::Xmm y = vec(to), x = vec(ra);
    switch (s.code) {
      case Code::add:
        vaddps(y, x, *second);
        break;
      case Code::subtract:
        vsubps(y, x, *second);
        break;
      case Code::multiply:
        vmulps(y, x, *second);
        break;
      case Code::divide:
        vdivps(y, x, *second);
        break;
      case Code::sqrt:
        vsqrtps(y, x);
        break;
      case Code::abs:
        bits(y, x, 0x7fffffffu, true);
        break;
      case Code::negate:
        bits(y, x, 0x80000000u, false);
        break;
      case Code::floor:
        round_to(y, x, 1);
        break;
      case Code::round_bfloat16:
        if (has_bfloat16()) {
          vcvtneps2bf16(Xbyak::Ymm(to), Xbyak::Zmm(ra));
          vpmovzxwd(y, Xbyak::Ymm(to));
          vpslld(y, y, 16);
        } else {
          const int rounded = round_upper_half(ra);
          const Xbyak::Address mask = constant(std::bit_cast<float>(0xffff0000u));
          wide_ ? vpandd(y, vec(rounded), mask) : vpand(y, vec(rounded), mask);
          give(rounded);
        }
        break;
      case Code::exponent:
        vpslld(y, x, 1);  // away with the sign
        vpsrld(y, y, 24);
        vcvtdq2ps(y, y);
        vsubps(y, y, constant(127.f));
        break;
      case Code::ldexp:
        vscalefps(Xbyak::Zmm(to), Xbyak::Zmm(ra), *second);
        break;
      default:
        round_to(y, x, 0);
        break;
    }
    finish(i);
  }

  // Without the instruction for it, the power of two is made in two factors, as it may itself be too small or too large
  // for a number.
  void scale_in_two_steps(int i, const Expression::Step& s) {
    const int x = value(s.a), n = value(s.b), one = take(), other = take();
    const Xbyak::Address bias = constant(std::bit_cast<float>(127u));
    vcvtps2dq(vec(one), vec(n));
    vpsrad(vec(other), vec(one), 1);
    vpsubd(vec(one), vec(one), vec(other));
    for (const int half : {one, other}) {
      vpaddd(vec(half), vec(half), bias);
      vpslld(vec(half), vec(half), 23);
    }
    vmulps(vec(one), vec(one), vec(x));
    vmulps(vec(one), vec(one), vec(other));
    give(other);
    registers_[static_cast<std::size_t>(i)] = one;
    release(s.a, s.b);
    finish(i);
  }

  // The instruction overwrites one of its operands and reads at most one from memory.
  void multiply_add(int i, const Expression::Step& s) {
    int a = s.a, b = s.b;
    if (is_constant(a)) std::swap(a, b);
    const auto in_memory = [&](int k) { return is_constant(k) && !holds_; };
    const bool from_b = in_memory(b), from_c = in_memory(s.c) && !from_b;
    int ra = value(a), rb = from_b ? kNone : value(b);
    const int rc = from_c ? kNone : value(s.c);
    used(s.c);
    release(a, b);
    const int to = registers_[static_cast<std::size_t>(i)] = take();
    const Xbyak::Xmm y = vec(to);
    if (to == rc) {
      from_b ? vfmadd231ps(y, vec(ra), constant(at(b).value)) : vfmadd231ps(y, vec(ra), vec(rb));
    } else {
      if (to == rb) std::swap(ra, rb);
      if (to != ra) vmovaps(y, vec(ra));
      if (from_b)
        vfmadd132ps(y, vec(rc), constant(at(b).value));
      else if (from_c)
        vfmadd213ps(y, vec(rb), constant(at(s.c).value));
      else
        vfmadd213ps(y, vec(rb), vec(rc));
    }
    finish(i);
  }

  void release(int a, int b) {
    used(a);
    if (b != kNone) used(b);
    for (const int r : temporary_) give(r);
    temporary_.clear();
    operand_memory_.clear();
    operand_register_.clear();
  }
  // A value that nobody needs (its input is an output's only use, say) frees its register.
  void finish(int i) {
    if (uses_[static_cast<std::size_t>(i)] == 0) give(registers_[static_cast<std::size_t>(i)]);
  }

  void bits(const Xbyak::Xmm& y, const Xbyak::Xmm& x, std::uint32_t mask, bool keep) {
    const Xbyak::Address m = constant(std::bit_cast<float>(mask));
    if (wide_)
      keep ? vpandd(y, x, m) : vpxord(y, x, m);
    else
      keep ? vandps(y, x, m) : vxorps(y, x, m);
  }
  // The number's nearest bfloat16, ties to even, in the upper halves of a fresh register's words; what the lower halves
  // hold has no meaning. NaN stays one, and becomes quiet.
  int round_upper_half(int from) {
    const int r = take(), nan = take();
    const Xbyak::Xmm x = vec(from), y = vec(r);
    const Xbyak::Address one = constant(std::bit_cast<float>(1u)), half = constant(std::bit_cast<float>(0x7fffu)),
                         quiet = constant(std::bit_cast<float>(0x00400000u));
    vpsrld(y, x, 16);
    wide_ ? vpandd(y, y, one) : vpand(y, y, one);
    vpaddd(y, y, half);
    vpaddd(y, y, x);
    if (wide_) {
      vcmpps(k1, Xbyak::Zmm(from), Xbyak::Zmm(from), kUnordered);
      vpord(Xbyak::Zmm(r) | k1, Xbyak::Zmm(from), quiet);
    } else {
      const int mask = take();
      vcmpps(Xbyak::Ymm(mask), Xbyak::Ymm(from), Xbyak::Ymm(from), kUnordered);
      vorps(vec(nan), x, quiet);
      vblendvps(Xbyak::Ymm(r), Xbyak::Ymm(r), Xbyak::Ymm(nan), Xbyak::Ymm(mask));
      give(mask);
    }
    give(nan);
    return r;
  }
  void round_to(const Xbyak::Xmm& y, const Xbyak::Xmm& x, std::uint8_t mode) {
    if (wide_)
      vrndscaleps(Xbyak::Zmm(y.getIdx()), Xbyak::Zmm(x.getIdx()), mode);
    else
      vroundps(y, x, mode);
  }

  void select(int i, const Expression::Step& s, int ra) {
    static constexpr std::uint8_t kPredicate[] = {
        0, 4, 17, 18, 30, 29};  // equal … greater_equal: no exceptions, false for NaN (but !=)
    const std::uint8_t predicate = kPredicate[static_cast<int>(s.comparison)];
    const int rb = value(s.b), rc = value(s.c), rd = value(s.d), to = take();
    if (wide_) {
      vcmpps(k1, Xbyak::Zmm(ra), Xbyak::Zmm(rb), predicate);
      vblendmps(Xbyak::Zmm(to) | k1, Xbyak::Zmm(rd), Xbyak::Zmm(rc));
    } else {
      vcmpps(Xbyak::Ymm(to), Xbyak::Ymm(ra), Xbyak::Ymm(rb), predicate);
      vblendvps(Xbyak::Ymm(to), Xbyak::Ymm(rd), Xbyak::Ymm(rc), Xbyak::Ymm(to));
    }
    registers_[static_cast<std::size_t>(i)] = to;
    used(s.c);
    used(s.d);
    release(s.a, s.b);
    finish(i);
  }

  void store(int k) {
    const int i = e_.outputs[static_cast<std::size_t>(k)], r = value(i);
    const Xbyak::Reg64 to = pointer(out_array_, k, out_pointers_);
    const LoopResult& result = out_[static_cast<std::size_t>(k)];
    if (result.adds) {
      const int sum = take();
      vaddps(vec(sum), vec(r), ptr[to + i_ * 4]);
      vmovups(ptr[to + i_ * 4], vec(sum));
      give(sum);
    } else if (result.dtype == DType::float32) {
      vmovups(ptr[to + i_ * 4], vec(r));
    } else {
      const int half = has_bfloat16() ? take() : round_upper_half(r);
      if (has_bfloat16()) {
        vcvtneps2bf16(Xbyak::Ymm(half), Xbyak::Zmm(r));
      } else {
        vpsrld(vec(half), vec(half), 16);
        if (wide_) {
          vpmovdw(Xbyak::Ymm(half), Xbyak::Zmm(half));
        } else {  // the halves of the register are packed apart
          vpackusdw(Xbyak::Ymm(half), Xbyak::Ymm(half), Xbyak::Ymm(half));
          vpermq(Xbyak::Ymm(half), Xbyak::Ymm(half), 0x08);
        }
      }
      if (wide_)
        vmovdqu(ptr[to + i_ * 2], Xbyak::Ymm(half));
      else
        vmovdqu(ptr[to + i_ * 2], Xbyak::Xmm(half));
      give(half);
    }
    release(i, kNone);
  }

  void write_constants() {
    align(64);
    for (auto& [bits, label] : constants_) {
      L(label);
      for (int k = 0; k < lanes(); ++k) dd(bits);
    }
  }

  const Expression& e_;
  const std::vector<LoopOperand>& in_;
  const std::vector<LoopResult>& out_;
  bool wide_, holds_;
  std::map<int, Xbyak::Reg64> in_pointers_, out_pointers_;
  std::vector<int> registers_, uses_, free_, temporary_;
  std::set<int> loaded_;
  std::vector<Xbyak::Address> operand_memory_;
  std::vector<Xbyak::Xmm> operand_register_;
  std::map<std::uint32_t, Xbyak::Label> constants_;
  const Xbyak::Reg64 in_array_ = rdi, out_array_ = rsi, n_ = rdx, i_ = rcx, p_ = rax;
};

class Compiled final : public internal::ElementwiseLoop {
 public:
  Compiled(const Expression& e, const std::vector<LoopOperand>& in, const std::vector<LoopResult>& out, bool wide,
           bool holds)
      : in_(in),
        out_(out),
        code_(e, in, out, wide, holds),
        run_(code_.function()),
        lanes_(code_.lanes()),
        name_(wide ? "jit:avx512" : "jit:avx2") {}
  std::string_view implementation() const override { return name_; }

  void run(const void* const* in, void* const* out, std::int64_t n) const override {
    const std::int64_t whole = n / lanes_ * lanes_;
    if (whole > 0) run_(in, out, whole);
    if (whole < n) run_rest(in, out, whole, n - whole);
  }

 private:
  // What does not fill a vector is done in one of the stack's.
  void run_rest(const void* const* in, void* const* out, std::int64_t first, std::int64_t n) const {
    alignas(64) float from[kLoopOperands][kLanes], to[kLoopOperands][kLanes];
    const void* in_rest[kLoopOperands];
    void* out_rest[kLoopOperands];
    for (std::size_t k = 0; k < in_.size(); ++k) {
      in_rest[k] = in[k];
      if (!in_[k].moves) continue;
      const std::size_t size = graph::size_of(in_[k].dtype);
      std::fill_n(from[k], kLanes, 0.f);
      std::memcpy(from[k], static_cast<const char*>(in[k]) + static_cast<std::size_t>(first) * size,
                  static_cast<std::size_t>(n) * size);
      in_rest[k] = from[k];
    }
    const auto rest = [&](std::size_t k) {
      return static_cast<char*>(out[k]) + static_cast<std::size_t>(first) * graph::size_of(out_[k].dtype);
    };
    const auto bytes = [&](std::size_t k) { return static_cast<std::size_t>(n) * graph::size_of(out_[k].dtype); };
    for (std::size_t k = 0; k < out_.size(); ++k) {
      out_rest[k] = to[k];
      if (!out_[k].adds) continue;
      std::fill_n(to[k], kLanes, 0.f);
      std::memcpy(to[k], rest(k), bytes(k));
    }
    run_(in_rest, out_rest, lanes_);
    for (std::size_t k = 0; k < out_.size(); ++k) std::memcpy(rest(k), to[k], bytes(k));
  }

  std::vector<LoopOperand> in_;
  std::vector<LoopResult> out_;
  Generator code_;
  Generator::Function run_;
  std::int64_t lanes_;
  std::string_view name_;
};

}  // namespace

std::shared_ptr<const internal::ElementwiseLoop> compile(const Expression& e, const std::vector<LoopOperand>& in,
                                                         const std::vector<LoopResult>& out) {
  const bool wide = has(dnnl_cpu_isa_avx512_core);
  if (!wide && !has(dnnl_cpu_isa_avx2)) return nullptr;
  if (in.size() > kLoopOperands || out.size() > kLoopOperands) return nullptr;
  for (const bool holds : {true, false}) {
    try {
      return std::make_shared<Compiled>(e, in, out, wide, holds);
    } catch (const OutOfRegisters&) {  // without held constants it may do with fewer
    } catch (const Xbyak::Error&) {    // no memory may be made executable here
      return nullptr;
    }
  }
  return nullptr;
}

}  // namespace cornu::ops::jit

#else

namespace cornu::ops::jit {
std::shared_ptr<const internal::ElementwiseLoop> compile(const internal::Expression&,
                                                         const std::vector<internal::LoopOperand>&,
                                                         const std::vector<internal::LoopResult>&) {
  return nullptr;
}
}  // namespace cornu::ops::jit

#endif
