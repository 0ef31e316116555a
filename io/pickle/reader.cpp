#include "cornu/io/pickle/internal/reader.h"

#include <bit>
#include <charconv>
#include <cstring>

namespace cornu::io::pickle {

namespace {

constexpr int kNewestProtocol = 5;

// The names that Pickle knows, by their numbers in values.
enum Name : std::int64_t { kReconstruct, kArrayClass, kDType };

bool is_shared_name(std::string_view module, std::string_view name, std::int64_t& found) {
  const bool multiarray = module == "numpy.core.multiarray" || module == "numpy._core.multiarray";
  if (multiarray && name == "_reconstruct")
    found = kReconstruct;
  else if (module == "numpy" && name == "ndarray")
    found = kArrayClass;
  else if (module == "numpy" && name == "dtype")
    found = kDType;
  else
    return false;
  return true;
}

}  // namespace

void Pickle::Reader::read() {
  for (;;) {
    const int op = byte();
    if (op == '.') break;
    if (!take_number(op) && !take_text(op) && !take_container(op) && !take_object(op) && !take_memo(op))
      fail("the opcode ", op, " is none of plain data and NumPy's arrays: such a file is not read");
  }
  if (stack_.size() != 1 || !marks_.empty()) fail("does not end with one value");
  pickle_.root_ = stack_.back();
}

// --- bytes

int Pickle::Reader::byte() {
  if (at_ == filled_) refill(1);
  return std::to_integer<int>(buffer_[at_++]);
}

// Reads ahead as far as the source has bytes, so that each opcode costs no call.
void Pickle::Reader::refill(std::size_t needed) {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(at_), buffer_.begin() + static_cast<std::ptrdiff_t>(filled_),
            buffer_.begin());
  filled_ -= at_, at_ = 0;
  while (filled_ < needed) {
    const std::size_t more = std::min<std::uint64_t>(buffer_.size() - filled_, source_.left());
    if (more == 0) fail("ends inside of a value (truncated)");
    source_.read(std::span(buffer_).subspan(filled_, more));
    filled_ += more;
  }
}

std::uint64_t Pickle::Reader::little(int bytes) {
  if (filled_ - at_ < static_cast<std::size_t>(bytes)) refill(static_cast<std::size_t>(bytes));
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::to_integer<std::uint64_t>(buffer_[at_++]) << (8 * i);
  return value;
}

std::string Pickle::Reader::bytes(std::uint64_t size) {
  if (size > filled_ - at_ + source_.left()) fail("ends inside of a text of ", size, " bytes (truncated)");
  std::string text(size, '\0');
  const std::size_t here = std::min<std::size_t>(size, filled_ - at_);
  std::memcpy(text.data(), buffer_.data() + at_, here);
  at_ += here;
  if (here < size) source_.read(std::as_writable_bytes(std::span(text).subspan(here)));
  return text;
}

std::string Pickle::Reader::line() {
  std::string text;
  for (int c = byte(); c != '\n'; c = byte()) text += static_cast<char>(c);
  return text;
}

// --- the stack

Pickle::Value Pickle::Reader::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("takes a value that is not there");
  const Value value = stack_.back();
  stack_.pop_back();
  return value;
}

Pickle::Value& Pickle::Reader::top() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("takes a value that is not there");
  return stack_.back();
}

std::vector<Pickle::Value> Pickle::Reader::pop_to_mark() {
  if (marks_.empty()) fail("closes a list that was not opened");
  const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<Value> values(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return values;
}

void Pickle::Reader::push_text(std::string text) {
  pickle_.texts_.push_back(std::move(text));
  push(Kind::text, static_cast<std::int64_t>(pickle_.texts_.size()) - 1);
}

void Pickle::Reader::push_list(Kind kind, std::vector<Value> values) {
  pickle_.lists_.push_back(std::move(values));
  push(kind, static_cast<std::int64_t>(pickle_.lists_.size()) - 1);
}

// --- opcodes

bool Pickle::Reader::take_number(int op) {
  switch (op) {
    case 'N':
      push(Kind::none, 0);
      return true;
    case 0x88:
    case 0x89:
      push(Kind::truth, op == 0x88);
      return true;
    case 'K':
      push(Kind::whole, byte());
      return true;
    case 'M':
      push(Kind::whole, static_cast<std::int64_t>(little(2)));
      return true;
    case 'J':
      push(Kind::whole, static_cast<std::int32_t>(little(4)));
      return true;
    case 0x8a:
    case 0x8b: {  // two's complement
      const std::uint64_t size = little(op == 0x8a ? 1 : 4);
      if (size > 8) fail("a whole number of ", size, " bytes, 8 are possible");
      const std::uint64_t value = little(static_cast<int>(size));
      const int unused = 64 - 8 * static_cast<int>(size);
      push(Kind::whole, size == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused);
      return true;
    }
    case 'I':
    case 'L': {
      std::string text = line();
      if (op == 'I' && (text == "00" || text == "01")) {
        push(Kind::truth, text == "01");
        return true;
      }
      if (op == 'L' && text.ends_with('L')) text.pop_back();
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{} || end != text.data() + text.size()) fail("'", text.substr(0, 40), "' is no number");
      push(Kind::whole, value);
      return true;
    }
    case 'G': {  // big-endian
      pickle_.reals_.push_back(std::bit_cast<double>(__builtin_bswap64(little(8))));
      push(Kind::real, static_cast<std::int64_t>(pickle_.reals_.size()) - 1);
      return true;
    }
    default:
      return false;
  }
}

bool Pickle::Reader::take_text(int op) {
  switch (op) {
    case 'U':
    case 'C':
    case 0x8c:
      push_text(bytes(little(1)));
      return true;
    case 'T':
    case 'B':
    case 'X':
      push_text(bytes(little(4)));
      return true;
    case 0x8d:
    case 0x8e:
    case 0x96:
      push_text(bytes(little(8)));
      return true;
    case 'S': {  // Python 2's repr
      const std::string text = line();
      const char quote = text.empty() ? ' ' : text.front();
      if (text.size() < 2 || (quote != '\'' && quote != '"') || text.back() != quote ||
          text.find('\\') != std::string::npos)
        fail("a text of protocol 0 that is not between quotation marks, or has escapes");
      push_text(text.substr(1, text.size() - 2));
      return true;
    }
    default:
      return false;
  }
}

bool Pickle::Reader::take_container(int op) {
  switch (op) {
    case '(':
      marks_.push_back(stack_.size());
      return true;
    case ']':
    case ')':
      push_list(op == ']' ? Kind::list : Kind::tuple, {});
      return true;
    case 'l':
    case 't':
      push_list(op == 'l' ? Kind::list : Kind::tuple, pop_to_mark());
      return true;
    case 0x85:
    case 0x86:
    case 0x87: {
      std::vector<Value> values(static_cast<std::size_t>(op - 0x84));
      for (std::size_t i = values.size(); i-- > 0;) values[i] = pop();
      push_list(Kind::tuple, std::move(values));
      return true;
    }
    case '}':
    case 'd':
      push_dict(op == 'd' ? pop_to_mark() : std::vector<Value>());
      return true;
    case 'a': {
      const Value value = pop();
      list_on_top().push_back(value);
      return true;
    }
    case 'e': {
      const std::vector<Value> values = pop_to_mark();
      auto& list = list_on_top();
      list.insert(list.end(), values.begin(), values.end());
      return true;
    }
    case 's': {
      const Value value = pop(), key = pop();
      add_items({key, value});
      return true;
    }
    case 'u':
      add_items(pop_to_mark());
      return true;
    default:
      return false;
  }
}

std::vector<Pickle::Value>& Pickle::Reader::list_on_top() {
  if (top().kind != Kind::list) fail("adds a value to what is no list");
  return pickle_.lists_[static_cast<std::size_t>(top().number)];
}

void Pickle::Reader::push_dict(const std::vector<Value>& items) {
  pickle_.dicts_.emplace_back();
  push(Kind::dict, static_cast<std::int64_t>(pickle_.dicts_.size()) - 1);
  add_items(items);
}

void Pickle::Reader::add_items(const std::vector<Value>& items) {
  if (top().kind != Kind::dict || items.size() % 2 != 0) fail("adds an item to what is no dict");
  auto& dict = pickle_.dicts_[static_cast<std::size_t>(top().number)];
  for (std::size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
}

bool Pickle::Reader::take_object(int op) {
  switch (op) {
    case 'c': {
      const std::string module = line();
      push_name(module, line());
      return true;
    }
    case 0x93: {
      const Value name = pop(), module = pop();
      push_name(text(module), text(name));
      return true;
    }
    case 'R': {
      const Value arguments = pop();
      reduce(pop(), arguments);
      return true;
    }
    case 'b': {
      const Value state = pop();
      build(top(), tuple(state, "the state of an array"));
      return true;
    }
    default:
      return false;
  }
}

void Pickle::Reader::push_name(const std::string& module, const std::string& name) {
  std::int64_t known = 0;
  if (!is_shared_name(module, name, known))
    fail("names ", module.substr(0, 80), ".", name.substr(0, 80),
         ": only data and NumPy's arrays are read, nothing is run");
  push(Kind::name, known);
}

void Pickle::Reader::reduce(Value callable, Value arguments) {
  const std::vector<Value>& given = tuple(arguments, "arguments");
  if (callable.kind != Kind::name) fail("calls what is no name");
  if (callable.number == kReconstruct) {  // (ndarray, shape, type), filled by `build`
    if (given.empty() || given[0].kind != Kind::name || given[0].number != kArrayClass)
      fail("_reconstruct of what is no numpy.ndarray");
    pickle_.arrays_.emplace_back();
    push(Kind::array, static_cast<std::int64_t>(pickle_.arrays_.size()) - 1);
  } else if (callable.number == kDType) {  // ("u1", align, copy)
    if (given.empty()) fail("a numpy.dtype without its name");
    pickle_.dtypes_.push_back({text(given[0])});
    push(Kind::dtype, static_cast<std::int64_t>(pickle_.dtypes_.size()) - 1);
  } else {
    fail("calls numpy.ndarray, which NumPy does not write");
  }
}

void Pickle::Reader::build(Value object, const std::vector<Value>& state) {
  if (object.kind == Kind::dtype) {  // (version, order, subarray, names, fields, size, alignment, flags)
    if (state.size() < 5) fail("the state of a numpy.dtype has ", state.size(), " parts, expected at least 5");
    const std::string& order = text(state[1]);
    for (std::size_t i = 2; i < 5; ++i)
      if (state[i].kind != Kind::none) fail("a numpy.dtype with fields");
    if (order.size() != 1 || std::string_view("<>|=").find(order[0]) == std::string_view::npos)
      fail("a numpy.dtype of an unknown order of bytes");
    pickle_.dtypes_[static_cast<std::size_t>(object.number)].order = order[0];
    return;
  }
  if (object.kind != Kind::array || state.size() != 5) fail("the state of what is no array");
  // (version, shape, dtype, Fortran order, data)
  auto& array = pickle_.arrays_[static_cast<std::size_t>(object.number)];
  array.shape.clear();
  for (const Value& length : tuple(state[1], "the shape of an array")) {
    if (length.kind != Kind::whole || length.number < 0) fail("an array of negative or unknown length");
    array.shape.push_back(length.number);
  }
  if (array.shape.size() > graph::Shape::kMaxRank)
    fail("an array of ", array.shape.size(), " axes; at most ", graph::Shape::kMaxRank, " are possible");
  if (state[2].kind != Kind::dtype) fail("an array without a dtype");
  if (state[3].kind != Kind::truth && state[3].kind != Kind::whole) fail("an array without an order of axes");
  array.dtype = state[2], array.fortran = state[3].number != 0, array.data = state[4], array.filled = true;
}

bool Pickle::Reader::take_memo(int op) {
  switch (op) {
    case 0x80:
      if (const int protocol = byte(); protocol > kNewestProtocol)
        fail("protocol ", protocol, "; the newest that is known is ", kNewestProtocol);
      return true;
    case 0x95:  // a frame: its length says nothing new
      little(8);
      return true;
    case 'q':
    case 'r':
      memo_[static_cast<std::uint32_t>(little(op == 'q' ? 1 : 4))] = top();
      return true;
    case 0x94:
      memo_[static_cast<std::uint32_t>(memo_.size())] = top();
      return true;
    case 'h':
    case 'j':
      push_remembered(static_cast<std::uint32_t>(little(op == 'h' ? 1 : 4)));
      return true;
    case 'p':
      memo_[line_number()] = top();
      return true;
    case 'g':
      push_remembered(line_number());
      return true;
    default:
      return false;
  }
}

std::uint32_t Pickle::Reader::line_number() {
  const std::string text = line();
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) fail("'", text.substr(0, 40), "' is no number");
  return number;
}

void Pickle::Reader::push_remembered(std::uint32_t i) {
  const auto found = memo_.find(i);
  if (found == memo_.end()) fail("takes value ", i, ", which is not there");
  stack_.push_back(found->second);
}

const std::string& Pickle::Reader::text(Value value) const {
  if (value.kind != Kind::text) fail("a name that is no text");
  return pickle_.texts_[static_cast<std::size_t>(value.number)];
}

const std::vector<Pickle::Value>& Pickle::Reader::tuple(Value value, const char* what) const {
  if (value.kind != Kind::tuple) fail(what, " should be a tuple");
  return pickle_.lists_[static_cast<std::size_t>(value.number)];
}

}  // namespace cornu::io::pickle
