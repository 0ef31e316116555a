// Damaged files by the hundreds: every one must read, or throw FormatError or IoError. Each batch runs in a child
// process of limited memory and time, so that a crash is counted and does not end the test.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <random>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "tests/io/hdf5/foreign_file.h"
#include "tests/io/hdf5/read_everything.h"
#include "tests/io/temporary_folder.h"
#include "tests/support/shared_data.h"

namespace cornu::io::hdf5 {
namespace {

using tests::ForeignFile;
using tests::TemporaryFolder;

/// One of many kinds of damage, by its number.
std::string damaged(std::string bytes, unsigned number) {
  std::mt19937_64 random(number);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto word = [&] { return below(bytes.size() / 8 - 1) * 8; };
  constexpr std::uint64_t kValues[] = {0,
                                       1,
                                       8,
                                       16,
                                       0x60,
                                       4096,
                                       0xffff,
                                       0x7fffffff,
                                       0xffffffff,
                                       std::uint64_t{1} << 40,
                                       std::uint64_t{1} << 63,
                                       ~std::uint64_t{0}};
  switch (number % 8) {
    case 0:
      bytes.resize(below(bytes.size()));
      break;
    case 1:
    case 2:
      bytes[below(bytes.size())] = static_cast<char>(random());
      break;
    case 3:
      bytes[below(bytes.size())] ^= static_cast<char>(1 << below(8));
      break;
    case 4:
      for (std::size_t i = 0; i < 16; ++i) bytes[below(bytes.size())] = static_cast<char>(random());
      break;
    case 5:
      std::memcpy(&bytes[word()], &kValues[below(std::size(kValues))], std::size_t{1} << below(4));
      break;
    case 6:
      std::memmove(&bytes[word()], &bytes[word()], 8);
      break;
    default: {
      const std::size_t at = word();
      std::uint64_t value;
      std::memcpy(&value, &bytes[at], 8);
      value += below(64) - 32;
      std::memcpy(&bytes[at], &value, 8);
    }
  }
  return bytes;
}

struct Counts {
  unsigned next, read, refused, unclear;
};

/// Reads damage `counts.next` to `end`, which is shared with the parent; ends the process.
[[noreturn]] void read_batch(const std::string& sound, const std::filesystem::path& path, unsigned end,
                             Counts& counts) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit memory{std::size_t{1} << 30, std::size_t{1} << 30};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (; counts.next < end; ++counts.next) {
    tests::write_text(path, damaged(sound, counts.next));
    ::alarm(30);
    try {
      bool named = true;
      const auto on_error = [&](const std::string& text) { named = named && text.find(path.string()) == 0; };
      const File file(path, {.limits = {.memory = std::size_t{512} << 20, .cpu_time = std::chrono::seconds(10)}});
      const int errors = tests::ReadEverything(on_error).read(file.root());
      ++(!named ? counts.unclear : errors ? counts.refused : counts.read);
    } catch (const FormatError& e) {
      ++(std::string(e.what()).find(path.string()) == 0 ? counts.refused : counts.unclear);
    } catch (const IoError&) {
      ++counts.refused;
    } catch (...) {
      ++counts.unclear;
    }
  }
  ::_exit(0);
}

void expect_no_crash(const std::string& sound, unsigned number) {
  TemporaryFolder folder;
  void* shared = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto& counts = *new (shared) Counts{};
  while (counts.next < number) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) read_batch(sound, folder / "damaged.h5", number, counts);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0) {
      ADD_FAILURE() << "damage " << counts.next << " ends the reader: " << (WIFSIGNALED(status) ? "signal " : "status ")
                    << (WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
      ++counts.next;
    }
  }
  EXPECT_EQ(counts.unclear, 0u) << "errors that do not name the file, or are none of FormatError and IoError";
  EXPECT_GT(counts.refused, number / 20);
  EXPECT_EQ(counts.read + counts.refused, number);
  ::munmap(shared, sizeof(Counts));
}

std::string written_by(void (*write)(const std::filesystem::path&)) {
  TemporaryFolder folder;
  write(folder / "a.h5");
  return tests::read_text(folder / "a.h5");
}

TEST(Hdf5Mutations, OfAFileOfTheWriter) {
  const std::string sound = written_by([](const std::filesystem::path& path) {
    Writer file(path);
    auto root = file.root();
    root.text("keras_version", "2.15.0");
    root.text("model_config", R"({"class_name": "Sequential", "config": {"name": "sequential", "layers": []}})",
              Charset::ascii);
    for (const char* layer : {"dense", "dense_1", "dropout"}) {
      auto group = root.group("model_weights").group(layer);
      group.texts("weight_names", {"kernel:0", "bias:0"});
      group.dataset("kernel:0", zeros({4, 3}));
      group.dataset("bias:0", zeros({3}));
    }
    root.dataset("iteration", Array::scalar(std::int64_t{5}));
    root.dataset("flags", Array{true, false});
    file.commit();
  });
  expect_no_crash(sound, 600);
}

TEST(Hdf5Mutations, OfAFileWithChunksAndFilters) {
  const std::string sound = written_by([](const std::filesystem::path& path) {
    ForeignFile file(path);
    std::vector<float> numbers(40 * 20);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i % 37);
    file.dataset("gzip", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {40, 20}, numbers.data(),
                 ForeignFile::chunked({8, 8}, true, true));
    file.dataset("plain", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {40, 20}, numbers.data(),
                 ForeignFile::chunked({8, 8}, false));
    file.dataset("sum", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {40, 20}, numbers.data(),
                 ForeignFile::chunked({20, 20}, true, false, true));
    const hid_t text = ForeignFile::text_type(5);
    file.attribute("texts", text, {2}, "abcdefghi");
    H5Tclose(text);
  });
  expect_no_crash(sound, 400);
}

TEST(Hdf5Mutations, OfAFileOfTheNewFormat) {
  const std::string sound = written_by([](const std::filesystem::path& path) {
    ForeignFile file(path, true);
    const double x[] = {1, 2, 3};
    for (const char* group : {"a", "b"}) {
      file.group(group);
      file.dataset((std::string(group) + "/x").c_str(), H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {3}, x);
    }
    const hid_t text = ForeignFile::text_type(H5T_VARIABLE);
    const char* names[] = {"one", "two"};
    file.attribute("names", text, {2}, names);
    H5Tclose(text);
  });
  expect_no_crash(sound, 400);
}

/// Two groups, a dataset with two more names, and a link by path in each form.
void write_links(ForeignFile& file) {
  file.group("a");
  file.group("b");
  const double x[] = {1, 2, 3};
  file.dataset("a/x", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {3}, x);
  H5Lcreate_hard(file.id(), "a/x", file.id(), "b/y", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard(file.id(), "/", file.id(), "b/root", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/a/x", file.id(), "b/soft", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/nothing", file.id(), "b/dangling", H5P_DEFAULT, H5P_DEFAULT);
}

TEST(Hdf5Mutations, OfFilesWithLinks) {
  for (const bool latest : {false, true}) {
    SCOPED_TRACE(latest ? "new" : "old");
    static bool form;
    form = latest;
    expect_no_crash(written_by([](const std::filesystem::path& path) {
                      ForeignFile file(path, form);
                      write_links(file);
                    }),
                    200);
  }
}

TEST(Hdf5Mutations, OfAFileWithAUserBlock) {
  expect_no_crash(written_by([](const std::filesystem::path& path) {
                    ForeignFile file(path, false, 1024);
                    write_links(file);
                  }),
                  200);
}

// What only the child process reads: dense groups and attributes, newer chunk indexes, other filters and types.
TEST(Hdf5Mutations, OfAFileThatIsReadInIsolation) {
  expect_no_crash(written_by([](const std::filesystem::path& path) {
                    ForeignFile file(path, true);
                    std::vector<float> numbers(40 * 20, 1.5f);
                    file.dataset("chunks", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {40, 20}, numbers.data(),
                                 ForeignFile::chunked({8, 8}, true, true));
                    for (char c = 'a'; c < 'm'; ++c) {
                      file.group(std::string(1, c).c_str());
                      const hid_t text = ForeignFile::text_type(H5T_VARIABLE);
                      const char* names[] = {"one", "two"};
                      file.attribute(std::string(1, c).c_str(), text, {2}, names);
                      H5Tclose(text);
                    }
                    const hid_t pair = H5Tcreate(H5T_COMPOUND, 4);
                    H5Tinsert(pair, "a", 0, H5T_NATIVE_INT32);
                    file.dataset("pair", pair, pair, {1}, nullptr);
                    H5Tclose(pair);
                  }),
                  200);
}

TEST(Hdf5Mutations, OfFilesOfKeras) {
  const auto models = tests::shared_folder() / "golden/models";
  if (!std::filesystem::exists(models)) GTEST_SKIP() << models << " is not there";
  for (const char* name : {"k2_configs.h5", "k3_functional.h5", "k3_lstm_text.weights.h5", "k2_two_outputs.case.h5",
                           "bad/dangling_name.h5"}) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(std::filesystem::exists(models / name));
    expect_no_crash(tests::read_text(models / name), 200);
  }
}

TEST(Hdf5Mutations, FilesOfKerasThatAreDamagedAlready) {
  const auto bad = tests::shared_folder() / "golden/models/bad";
  if (!std::filesystem::exists(bad)) GTEST_SKIP() << bad << " is not there";
  const auto read = [](const std::filesystem::path& path) {
    tests::ReadEverything([](const std::string& text) { throw std::runtime_error(text); }).read(File(path).root());
  };
  for (const char* name : {"empty.h5", "not_hdf5.h5", "truncated.h5", "truncated_header.h5"})
    EXPECT_THROW(read(bad / name), FormatError) << name;
  // What is wrong with these is the model, not the file.
  for (const char* name : {"bad_json.h5", "dangling_name.h5", "truncated_root.weights.h5", "shape_mismatch_k2.h5"})
    EXPECT_NO_THROW(read(bad / name)) << name;
}

}  // namespace
}  // namespace cornu::io::hdf5
