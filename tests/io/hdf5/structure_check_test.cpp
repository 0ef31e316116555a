#include "cornu/io/hdf5/internal/structure_check.h"

#include <gmock/gmock.h>

#include <cstring>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "tests/io/hdf5/foreign_file.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using tests::error_text;
using tests::ForeignFile;
using tests::TemporaryFolder;

/// A small file of the Writer's whose bytes can be changed.
class StructureCheck : public testing::Test {
 protected:
  StructureCheck() : path_(folder_ / "m.h5") {
    Writer file(path_);
    file.root().text("config", "{}");
    file.root().texts("names", {"one", "two"});
    file.root().dataset("g/x", Array{1.f, 2.f, 3.f});
    file.commit();
    bytes_ = tests::read_text(path_);
  }

  std::size_t find(const std::string& signature, std::size_t from = 0) const { return bytes_.find(signature, from); }
  template <class T>
  T get(std::size_t at) const {
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }
  template <class T>
  void put(std::size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  /// The error after the file's name, or what is not known, or "no error".
  std::string error() {
    tests::write_text(path_, bytes_);
    std::optional<std::string> unknown;
    const std::string text =
        error_text<FormatError>([&] { unknown = internal::check_structure(internal::Bytes(path_)); });
    if (unknown) return "not known: " + *unknown;
    const std::string start = path_.string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }
  /// The error of a file that a function writes by the library.
  template <class F>
  std::string error_of_foreign(F write, bool latest = false) {
    {
      ForeignFile file(path_, latest);
      write(file);
    }
    bytes_ = tests::read_text(path_);
    return error();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_;
  std::string bytes_;
};

TEST_F(StructureCheck, SoundFilesPass) { EXPECT_EQ(error(), "no error"); }

TEST_F(StructureCheck, Superblock) {
  const std::string sound = bytes_;
  bytes_[0] = 'x';
  EXPECT_EQ(
      error(),
      "not a sound HDF5 file: not an HDF5 file (HDF5's signature is neither at its start nor behind a user block)");
  bytes_ = sound;
  bytes_[8] = 9;
  EXPECT_EQ(error(), "not known: superblock version 9 (versions 0, 2 and 3 are read)");
  bytes_ = sound;
  bytes_[13] = 4;
  EXPECT_EQ(error(), "not known: addresses of 4 and lengths of 8 bytes (8 are read)");
  bytes_ = sound.substr(0, sound.size() - 1);
  EXPECT_EQ(error(), graph::message("not a sound HDF5 file: truncated: it should have ", sound.size(),
                                    " bytes, but has ", sound.size() - 1));
  bytes_ = sound.substr(0, 50);
  EXPECT_EQ(error(), "not a sound HDF5 file: truncated: it has 50 bytes only");
  bytes_ = sound;
  put<std::uint64_t>(0x40, sound.size() + 1);  // the root's address
  EXPECT_THAT(error(), HasSubstr("object header at "));
}

TEST_F(StructureCheck, HeapReferencesOfTexts) {
  const std::string sound = bytes_;
  const std::size_t heap = find("GCOL");
  // The first object's size: the library would copy that many bytes into room for two.
  put<std::uint64_t>(heap + 24, 5);
  EXPECT_THAT(error(), HasSubstr("attribute \"config\": a text of 2 bytes has 5 in the heap"));
  bytes_ = sound;
  put<std::uint64_t>(heap + 24, ~std::uint64_t{0});
  EXPECT_THAT(error(), HasSubstr("global heap: an object of 18446744073709551615 bytes"));
  bytes_ = sound;
  put<std::uint16_t>(heap + 16, 77);
  EXPECT_THAT(error(), HasSubstr("refers to object 1 of the heap"));
  bytes_ = sound;
  put<std::uint64_t>(heap + 8, 16);
  EXPECT_THAT(error(), HasSubstr("a global heap of 16 bytes"));
  bytes_ = sound;
  bytes_[heap] = 'x';
  EXPECT_THAT(error(), HasSubstr("the signature GCOL is missing"));
  bytes_ = sound;
  // Free space of no size would keep the library in one place.
  const std::size_t free = heap + 16 + 3 * 24;
  ASSERT_EQ(get<std::uint16_t>(free), 0);
  put<std::uint64_t>(free + 8, 0);
  EXPECT_THAT(error(), HasSubstr("global heap: free space of 0 bytes"));
}

TEST_F(StructureCheck, GroupsWithLoopsAndOverlaps) {
  const std::string sound = bytes_;
  const std::size_t tree = find("TREE"), symbols = find("SNOD"), heap = find("HEAP");
  put<std::uint64_t>(tree + 32, tree);
  EXPECT_THAT(error(), HasSubstr("overlaps another part of the file"));
  bytes_ = sound;
  put<std::uint64_t>(tree + 32, bytes_.size() - 8);
  EXPECT_THAT(error(), HasSubstr("passes the end of the file"));
  bytes_ = sound;
  put<std::uint16_t>(tree + 6, 1000);
  EXPECT_THAT(error(), HasSubstr("of type 0 with 1000 entries"));
  bytes_ = sound;
  put<std::uint64_t>(symbols + 16, get<std::uint64_t>(0x40));  // an entry that is the root itself
  EXPECT_EQ(error(), "not a sound HDF5 file: /g: the entry of a group disagrees with the group");
  bytes_ = sound;
  put<std::uint64_t>(symbols + 8, 100000);
  EXPECT_THAT(error(), HasSubstr("a name at 100000 of 88 bytes of names"));
  bytes_ = sound;
  put<std::uint64_t>(symbols + 32, 12345);  // where the entry says that the group's table is
  EXPECT_THAT(error(), HasSubstr("/g: the entry of a group disagrees with the group"));
  bytes_ = sound;
  const std::size_t names = get<std::uint64_t>(heap + 24), free = get<std::uint64_t>(heap + 16);
  put<std::uint64_t>(names + free, free);  // the next free block is this one
  EXPECT_THAT(error(), HasSubstr("local heap: the free blocks form a loop"));
}

TEST_F(StructureCheck, SizesOfDatasets) {
  const std::string sound = bytes_;
  // The extent of /g/x: version 1, one axis with a limit, three elements.
  const std::size_t space = bytes_.find(std::string("\x01\x01\x01\0\0\0\0\0\x03\0\0\0\0\0\0\0", 16));
  ASSERT_NE(space, std::string::npos);
  put<std::uint64_t>(space + 8, 1);
  EXPECT_EQ(error(), "not a sound HDF5 file: /g/x: a dataset of 4 bytes has 12");
  put<std::uint64_t>(space + 8, 4);
  EXPECT_EQ(error(), "not a sound HDF5 file: /g/x: an axis longer than its own limit");
  put<std::uint64_t>(space + 8, std::uint64_t{1} << 60);
  put<std::uint64_t>(space + 16, ~std::uint64_t{0});
  EXPECT_EQ(error(), "not a sound HDF5 file: /g/x: a dataspace of too many elements");
  EXPECT_EQ(
      error_of_foreign([](ForeignFile& f) { f.dataset("x", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {1u << 28}, nullptr); }),
      "not a sound HDF5 file: /x: a dataset of 1073741824 bytes, of which 0 are stored");
}

TEST_F(StructureCheck, ChunksThatUnpackToAnotherSize) {
  const auto with_chunk = [](const std::string& packed) {
    return [packed](ForeignFile& f) {
      f.dataset("x", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {100}, nullptr, ForeignFile::chunked({100}, true));
      const hid_t set = H5Dopen2(f.id(), "x", H5P_DEFAULT);
      const hsize_t start = 0;
      ASSERT_GE(H5Dwrite_chunk(set, H5P_DEFAULT, 0, &start, packed.size(), packed.data()), 0);
      H5Dclose(set);
    };
  };
  // zlib streams of 10 and 500 zero bytes.
  EXPECT_THAT(error_of_foreign(with_chunk(tests::from_hex("789c6360800100000a0001"))),
              HasSubstr("that does not unpack to 400 bytes"));
  EXPECT_THAT(error_of_foreign(with_chunk(tests::from_hex("789c63601805230d000001f40001"))),
              HasSubstr("that does not unpack to 400 bytes"));
  EXPECT_THAT(error_of_foreign(with_chunk("not deflated at all")), HasSubstr("/x: a chunk at "));
}

TEST_F(StructureCheck, PartsOfHdf5ThatAreNotKnown) {
  const std::string unknown = "not known: ";
  EXPECT_THAT(error_of_foreign(
                  [](ForeignFile& f) { H5Lcreate_external("other.h5", "/x", f.id(), "e", H5P_DEFAULT, H5P_DEFAULT); }),
              StartsWith(unknown));
  EXPECT_EQ(error_of_foreign([](ForeignFile& f) {
              const hid_t type = H5Tcopy(H5T_NATIVE_INT32);
              H5Tcommit2(f.id(), "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
              H5Tclose(type);
            }),
            unknown + "/type: a named datatype");
  EXPECT_EQ(error_of_foreign([](ForeignFile& f) {
              const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
              H5Pset_external(create, "/etc/hostname", 0, 4);
              f.dataset("x", H5T_STD_U8LE, H5T_NATIVE_UINT8, {4}, nullptr, create);
            }),
            unknown + "/x: header messages of type 7");
  EXPECT_EQ(error_of_foreign([](ForeignFile& f) {
              const hid_t type = H5Tcreate(H5T_COMPOUND, 4);
              H5Tinsert(type, "a", 0, H5T_NATIVE_INT32);
              f.dataset("x", type, type, {1}, nullptr);
              H5Tclose(type);
            }),
            unknown + "/x: a datatype of class 6 (numbers, texts, bool and opaque bytes are read)");
  EXPECT_EQ(error_of_foreign([](ForeignFile& f) {
              const hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
              const signed char three = 3;
              H5Tenum_insert(type, "RED", &three);
              f.dataset("x", type, type, {1}, nullptr);
              H5Tclose(type);
            }),
            unknown + "/x: an enumeration other than bool");
  EXPECT_THAT(error_of_foreign(
                  [](ForeignFile& f) {
                    for (char c = 'a'; c < 'm'; ++c) f.group(std::string(1, c).c_str());
                  },
                  true),
              StartsWith(unknown + "/: groups in HDF5's newer dense form"));
  EXPECT_THAT(error_of_foreign(
                  [](ForeignFile& f) {
                    f.dataset("x", H5T_NATIVE_INT32, H5T_NATIVE_INT32, {8}, nullptr, ForeignFile::chunked({2}, false));
                  },
                  true),
              StartsWith(unknown + "/x: a data layout of version 4, class 2"));
}

TEST_F(StructureCheck, LinksInBothForms) {
  for (const bool latest : {false, true}) {
    EXPECT_EQ(error_of_foreign(
                  [](ForeignFile& f) {
                    f.group("a");
                    H5Lcreate_soft("/a", f.id(), "soft", H5P_DEFAULT, H5P_DEFAULT);
                    H5Lcreate_hard(f.id(), "a", f.id(), "b", H5P_DEFAULT, H5P_DEFAULT);
                    H5Lcreate_hard(f.id(), "/", f.id(), "a/root", H5P_DEFAULT, H5P_DEFAULT);
                  },
                  latest),
              "no error");
  }
  // The path of a soft link must end inside of the names.
  error_of_foreign([](ForeignFile& f) { H5Lcreate_soft("/a", f.id(), "soft", H5P_DEFAULT, H5P_DEFAULT); });
  put<std::uint32_t>(find("SNOD") + 32, 100000);
  EXPECT_THAT(error(), HasSubstr("a name at 100000 of 88 bytes of names"));
}

TEST_F(StructureCheck, UserBlocks) {
  const std::string sound = bytes_;
  for (const bool latest : {false, true}) {
    {
      ForeignFile file(path_, latest, 512);
      file.group("a");
    }
    bytes_ = tests::read_text(path_);
    EXPECT_EQ(error(), "no error");
    bytes_.pop_back();
    EXPECT_THAT(error(), HasSubstr("truncated: it should have "));
  }
  // The library finds the superblock here, too, but its addresses count from elsewhere.
  bytes_ = std::string(512, ' ') + sound;
  EXPECT_EQ(error(), "not known: a superblock that stands somewhere else than it says");
  bytes_ = std::string(500, ' ') + sound;
  EXPECT_THAT(error(), HasSubstr("not an HDF5 file"));
}

TEST_F(StructureCheck, WhatTheLibraryRefusesIsQuoted) {
  // The checksums of the newer format are left to the library.
  error_of_foreign([](ForeignFile& f) { f.group("g"); }, true);
  bytes_[0x2c] = static_cast<char>(bytes_[0x2c] ^ 1);
  tests::write_text(path_, bytes_);
  const std::string text = error_text<FormatError>([&] { File file(path_); });
  EXPECT_THAT(text, HasSubstr("m.h5: cannot be opened as HDF5 [HDF5: H5Fopen(): "));
  EXPECT_THAT(text, HasSubstr("incorrect metadata checksum"));
}

}  // namespace
}  // namespace cornu::io::hdf5
