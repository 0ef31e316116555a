#include "cornu/io/hdf5/internal/global_heap.h"

namespace cornu::io::hdf5::internal {

using graph::require;

void GlobalHeap::check_reference(Cursor& in) {
  const std::uint64_t length = in.u32(), address = in.u64();
  const unsigned long index = in.u32();
  if (address == 0) {
    require<Damage>(length == 0, "a text of ", length, " bytes that is nowhere");
    return;
  }
  const Collection& objects = collection(address);
  const auto object = index <= 0xffff ? objects.find(static_cast<unsigned>(index)) : objects.end();
  require<Damage>(object != objects.end(), "a text refers to object ", index, " of the heap at ", address,
                  ", which is not there");
  require<Damage>(object->second == length, "a text of ", length, " bytes has ", object->second, " in the heap at ",
                  address);
}

const GlobalHeap::Collection& GlobalHeap::collection(std::uint64_t address) {
  if (const auto known = collections_.find(address); known != collections_.end()) return known->second;
  constexpr std::uint64_t kMinimum = 4096, kObjectHead = 16;
  const auto head = map_.peek(address, 16, "global heap");
  Cursor start(head, "global heap");
  start.expect("GCOL");
  require<Damage>(start.u8() == 1, "a global heap of unknown version");
  start.skip(3);
  const std::uint64_t size = start.u64();
  require<Damage>(size >= kMinimum, "a global heap of ", size, " bytes");

  const auto bytes = map_.claim(address, size, "global heap");
  Cursor in(bytes, "global heap");
  in.skip(16);
  Collection objects;
  while (in.remaining() >= kObjectHead) {
    const unsigned index = in.u16();
    in.skip(6);
    const std::uint64_t length = in.u64();
    require<Damage>(objects.emplace(index, length).second, "global heap: object ", index, " twice");
    require<Damage>(length <= bytes.size(), "global heap: an object of ", length, " bytes");
    if (index == 0) {
      // This is the free space, whose size includes this head. The library moves on by that size: with a smaller one it
      // would never arrive.
      require<Damage>(length >= kObjectHead, "global heap: free space of ", length, " bytes");
      in.skip(length - kObjectHead);
    } else {
      in.skip((length + 7) / 8 * 8);
    }
  }
  objects.erase(0);
  return collections_.emplace(address, std::move(objects)).first->second;
}

}  // namespace cornu::io::hdf5::internal
