#include "cornu/io/hdf5/internal/messages.h"

#include <algorithm>
#include <array>

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

constexpr int kMaxRank = 32;  // H5S_MAX_RANK

void require_integer(Cursor& in, std::uint64_t size) {
  require<Unsupported>(size == 1 || size == 2 || size == 4 || size == 8, "integers of ", size, " bytes");
  const int offset = in.u16(), precision = in.u16();
  require<Unsupported>(offset == 0 && precision == static_cast<int>(8 * size), "integers of ", precision, " bits in ",
                       size, " bytes");
}

void require_ieee(Cursor& in, std::uint32_t bits, std::uint64_t size) {
  struct Format {
    std::uint64_t size;
    std::uint32_t sign, exponent_at, exponent, mantissa, bias;
  };
  constexpr std::array<Format, 3> kFormats{
      {{2, 15, 10, 5, 10, 15}, {4, 31, 23, 8, 23, 127}, {8, 63, 52, 11, 52, 1023}}};
  const auto format = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& f) { return f.size == size; });
  require<Unsupported>(format != kFormats.end(), "floating numbers of ", size, " bytes");
  const int offset = in.u16(), precision = in.u16();
  const std::uint32_t exponent_at = in.u8(), exponent = in.u8(), mantissa_at = in.u8(), mantissa = in.u8(),
                      bias = in.u32();
  const bool little_or_big = (bits & 0x40u) == 0, implied_one = ((bits >> 4) & 3u) == 2;
  require<Unsupported>(little_or_big && implied_one && (bits >> 8) == format->sign && offset == 0 &&
                           precision == static_cast<int>(8 * size) && exponent_at == format->exponent_at &&
                           exponent == format->exponent && mantissa_at == 0 && mantissa == format->mantissa &&
                           bias == format->bias,
                       "floating numbers that are not IEEE 754's");
}

struct TypeHead {
  int version, kind;
  std::uint32_t bits;
  std::uint64_t size;
};

TypeHead read_type_head(Cursor& in) {
  const std::uint8_t first = in.u8();
  const auto bits = static_cast<std::uint32_t>(in.number(3));
  const TypeHead head{first >> 4, first & 15, bits, in.u32()};
  require<Damage>(head.version >= 1, "a datatype of version ", head.version);
  require<Unsupported>(head.version <= 3, "a datatype of version ", head.version);
  require<Damage>(head.size > 0, "a datatype of no bytes");
  return head;
}

// h5py's bool: an enumeration FALSE = 0, TRUE = 1 over one byte.
void require_bool(Cursor& in, const TypeHead& type) {
  const TypeHead base = read_type_head(in);
  const bool is_byte = base.kind == 0 && base.size == 1 && type.size == 1;
  require<Unsupported>(is_byte && (type.bits & 0xffffu) == 2, "an enumeration other than bool");
  require_integer(in, base.size);
  for (std::string_view name : {"FALSE", "TRUE"}) {
    const auto start = in.position();
    require<Unsupported>(in.c_string() == name, "an enumeration other than bool");
    if (type.version < 3) in.skip((8 - (in.position() - start) % 8) % 8);
  }
  const int no = in.u8(), yes = in.u8();
  require<Unsupported>(no == 0 && yes == 1, "an enumeration other than bool");
}

}  // namespace

std::uint64_t Dataspace::elements() const {
  if (null) return 0;
  std::uint64_t n = 1;
  // If one length is zero, the product is zero, even if the product of the others does not fit.
  if (std::find(dims.begin(), dims.end(), std::uint64_t{0}) != dims.end()) return 0;
  for (auto d : dims) n = saturating_product(n, d);
  return n;
}

Dataspace read_dataspace(Cursor& in) {
  Dataspace space;
  const int version = in.u8(), rank = in.u8(), flags = in.u8();
  require<Damage>(version == 1 || version == 2, "a dataspace of version ", version);
  require<Damage>(rank <= kMaxRank, "a dataspace of ", rank, " axes");
  require<Damage>((flags & ~1) == 0, "a dataspace with flags ", flags);
  const int kind = in.u8();
  if (version == 2) {
    require<Damage>(kind <= 2 && (kind == 1) == (rank > 0), "a dataspace of kind ", kind, " with ", rank, " axes");
    space.null = kind == 2;
  } else {
    in.skip(4);
  }
  for (int i = 0; i < rank; ++i) space.dims.push_back(in.u64());
  for (int i = 0; i < rank && flags == 1; ++i) {
    const auto max = in.u64();
    require<Damage>(space.dims[static_cast<std::size_t>(i)] <= max, "an axis longer than its own limit");
  }
  // The library computes elements and bytes without looking for overflow.
  std::uint64_t product = 1;
  for (auto d : space.dims) product = saturating_product(product, std::max<std::uint64_t>(d, 1));
  require<Damage>(product < (std::uint64_t{1} << 48), "a dataspace of too many elements");
  return space;
}

Datatype read_datatype(Cursor& in) {
  const TypeHead type = read_type_head(in);
  switch (type.kind) {
    case 0:
      require_integer(in, type.size);
      return {type.size};
    case 1:
      require_ieee(in, type.bits, type.size);
      return {type.size};
    case 3:
      require<Damage>((type.bits & 15u) <= 2 && ((type.bits >> 4) & 15u) <= 1,
                      "a text of unknown padding or character set");
      return {type.size};
    case 5: {
      const auto tag = in.take(type.bits & 0xffu);
      require<Damage>(tag.empty() || tag.back() == 0, "a tag without an end");
      return {type.size};
    }
    case 8:
      require_bool(in, type);
      return {type.size};
    case 9: {
      require<Unsupported>((type.bits & 15u) == 1, "sequences of variable length");
      require<Damage>(((type.bits >> 4) & 15u) <= 2 && ((type.bits >> 8) & 15u) <= 1,
                      "a text of unknown padding or character set");
      require<Damage>(type.size == 16, "a reference of ", type.size, " bytes");
      const TypeHead base = read_type_head(in);
      require<Damage>((base.kind == 0 || base.kind == 3) && base.size == 1, "a text of other elements than characters");
      if (base.kind == 0) require_integer(in, base.size);
      return {type.size, true};
    }
    default:
      throw Unsupported(
          graph::message("a datatype of class ", type.kind, " (numbers, texts, bool and opaque bytes are read)"));
  }
}

Layout read_layout(Cursor& in) {
  Layout layout;
  const int version = in.u8(), kind = in.u8();
  require<Unsupported>(version == 3 || version == 4, "a data layout of version ", version);
  require<Unsupported>(kind <= 1 || (kind == 2 && version == 3), "a data layout of version ", version, ", class ",
                       kind);
  if (kind == 0) {
    layout.kind = Layout::compact;
    layout.size = in.u16();
    in.skip(layout.size);
  } else if (kind == 1) {
    layout.address = in.u64();
    layout.size = in.u64();
  } else {
    layout.kind = Layout::chunked;
    const int rank = in.u8();
    require<Damage>(rank >= 2 && rank <= kMaxRank + 1, "chunks of ", rank - 1, " axes");
    layout.address = in.u64();
    for (int i = 0; i < rank; ++i) layout.chunk.push_back(in.u32());
  }
  return layout;
}

std::vector<Filter> read_filters(Cursor& in, std::uint64_t element_size) {
  const int version = in.u8(), count = in.u8();
  require<Damage>(version == 1 || version == 2, "filters of version ", version);
  require<Damage>(count <= 32, count, " filters");  // H5Z_MAX_NFILTERS
  if (version == 1) in.skip(6);
  std::vector<Filter> filters;
  for (int i = 0; i < count; ++i) {
    const unsigned id = in.u16();
    require<Unsupported>(id >= 1 && id <= 3, "filter number ", id, " (gzip, shuffle and fletcher32 are read)");
    const auto filter = static_cast<Filter>(id);
    require<Damage>(std::find(filters.begin(), filters.end(), filter) == filters.end(), "filter number ", id, " twice");
    filters.push_back(filter);
    const unsigned name_length = version == 1 ? in.u16() : 0;
    in.skip(2);
    const unsigned values = in.u16();
    if (name_length > 0) {
      Cursor name(in.take((name_length + 7u) / 8u * 8u), "filter name");
      name.c_string();
    }
    std::uint32_t value = 0;
    require<Damage>(values <= (filter == Filter::fletcher32 ? 0u : 1u), "filter number ", id, " with ", values,
                    " values");
    if (values == 1) value = in.u32();
    if (version == 1 && values % 2 == 1) in.skip(4);
    if (filter == Filter::gzip) require<Damage>(values == 1 && value <= 9, "gzip of level ", value);
    if (filter == Filter::shuffle)
      require<Damage>(values == 1 && value == element_size, "shuffle of elements of ", value, " bytes");
  }
  return filters;
}

void read_fill_value(Cursor& in, std::uint64_t element_size) {
  const int version = in.u8();
  require<Damage>(version >= 1 && version <= 3, "a fill value of version ", version);
  bool given = true;
  if (version == 3) {
    const int flags = in.u8();
    require<Damage>((flags & 0xc0) == 0 && (flags & 0x30) != 0x30, "a fill value with flags ", flags);
    given = (flags & 0x20) != 0;
  } else {
    const int allocate = in.u8(), write = in.u8(), defined = in.u8();
    require<Damage>(allocate <= 3 && write <= 2 && defined <= 2, "a fill value written at an unknown time");
    given = version == 1 || defined != 0;
  }
  if (given) read_old_fill_value(in, element_size);
}

void read_old_fill_value(Cursor& in, std::uint64_t element_size) {
  const auto size = in.u32();
  require<Unsupported>(element_size != kUndefined || size == 0 || size == 0xffffffffu, "a fill value of texts");
  require<Damage>(size == 0 || size == 0xffffffffu || size == element_size, "a fill value of ", size,
                  " bytes for elements of ", element_size);
  if (size == element_size) in.skip(size);
}

}  // namespace cornu::io::hdf5::internal
