#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "cornu/io/pickle/internal/pickle.h"

namespace cornu::io::pickle {

/// The machine that pickles are written for: a stack, marks on it, and a memo of values.
class Pickle::Reader {
 public:
  Reader(Pickle& pickle, Source& source) : pickle_(pickle), source_(source) {}
  void read();

 private:
  template <class... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    source_.malformed("a pickle that ", parts...);
  }

  int byte();
  void refill(std::size_t needed);
  std::uint64_t little(int bytes);
  std::string bytes(std::uint64_t size);
  std::string line();
  std::uint32_t line_number();

  Value pop();
  Value& top();
  std::vector<Value> pop_to_mark();
  void push(Kind kind, std::int64_t number) { stack_.push_back({kind, number}); }
  void push_text(std::string text);
  void push_list(Kind kind, std::vector<Value> values);
  void push_dict(const std::vector<Value>& items);
  void push_name(const std::string& module, const std::string& name);
  void push_remembered(std::uint32_t i);
  std::vector<Value>& list_on_top();
  void add_items(const std::vector<Value>& items);

  // Each takes an opcode if it is one of its kind.
  bool take_number(int op);
  bool take_text(int op);
  bool take_container(int op);
  bool take_object(int op);
  bool take_memo(int op);
  void reduce(Value callable, Value arguments);
  void build(Value object, const std::vector<Value>& state);

  const std::string& text(Value value) const;
  const std::vector<Value>& tuple(Value value, const char* what) const;

  Pickle& pickle_;
  Source& source_;
  std::array<std::byte, 1 << 14> buffer_;
  std::size_t at_ = 0, filled_ = 0;
  std::vector<Value> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Value> memo_;
};

}  // namespace cornu::io::pickle
