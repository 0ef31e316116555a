#include "cornu/keras/utils/get_file.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "cornu/io/download/download.h"
#include "tests/io/archive/tar_files.h"
#include "tests/io/mutations.h"

namespace cornu::keras::utils {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::error_text;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

constexpr const char* kHelloHash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

class GetFile : public testing::Test {
 protected:
  GetFile() { write_text(folder_ / "origin", "hello"); }
  std::string get(GetFileConfig config) {
    config.cache_dir = folder_ / "cache";
    config.origin = "file://" + (folder_ / "origin").string();
    testing::internal::CaptureStdout();
    const fs::path path = get_file("a.txt", config);
    output_ = testing::internal::GetCapturedStdout();
    return read_text(path);
  }
  TemporaryFolder folder_;
  std::string output_;
};

TEST_F(GetFile, DownloadsOnce) {
  EXPECT_EQ(get({}), "hello");
  EXPECT_THAT(output_, HasSubstr("5/5 [==============================]"));
  EXPECT_TRUE(fs::exists(folder_ / "cache" / "datasets" / "a.txt"));
  write_text(folder_ / "origin", "another");
  EXPECT_EQ(get({}), "hello");
  EXPECT_EQ(output_, "");
  EXPECT_EQ(get({.force_download = true}), "another");
}

TEST_F(GetFile, AWrongHashInTheCacheIsDownloadedAgain) {
  fs::create_directories(folder_ / "cache" / "datasets");
  write_text(folder_ / "cache" / "datasets" / "a.txt", "half a fi");
  EXPECT_EQ(get({.file_hash = kHelloHash}), "hello");
  EXPECT_THAT(output_, HasSubstr("A local file was found"));
  EXPECT_EQ(get({.file_hash = kHelloHash}), "hello");
  EXPECT_EQ(output_, "");
}

TEST_F(GetFile, NamesWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { get_file("../a", {.origin = "file:///x"}); }),
            "get_file: fname must be a plain file name, got '../a'");
  EXPECT_THAT(error_text<ValueError>([&] { get_file("a", {.cache_dir = folder_.path()}); }),
              HasSubstr("no origin was given"));
  write_text(folder_ / "file", "");
  EXPECT_THAT(error_text<IoError>([&] { get_file("a", {.origin = "file:///x", .cache_dir = folder_ / "file"}); }),
              HasSubstr("cannot make the folder"));
}

TEST(KerasHome, IsTheEnvironments) {
  const char* old = ::getenv("KERAS_HOME");
  const std::string saved = old ? old : "";
  ::setenv("KERAS_HOME", "/somewhere", 1);
  EXPECT_EQ(keras_home(), "/somewhere");
  ::unsetenv("KERAS_HOME");
  const char* home = ::getenv("HOME");
  EXPECT_EQ(keras_home(), (home && *home ? fs::path(home) : fs::temp_directory_path()) / ".keras");
  if (old) ::setenv("KERAS_HOME", saved.c_str(), 1);
}

TEST_F(GetFile, ExtractsArchives) {
  write_text(folder_ / "origin", tests::tar({{"flowers/rose.txt", "red"}}));
  const GetFileConfig config{
      .origin = "file://" + (folder_ / "origin").string(), .extract = true, .cache_dir = folder_ / "cache"};
  const fs::path datasets = folder_ / "cache" / "datasets";
  testing::internal::CaptureStdout();
  EXPECT_EQ(fs::path(get_file("flowers", config)), datasets / "flowers");
  EXPECT_EQ(fs::path(get_file("flowers.tar.gz", config)), datasets / "flowers_extracted");
  EXPECT_EQ(read_text(datasets / "flowers" / "flowers" / "rose.txt"), "red");
  EXPECT_TRUE(fs::exists(datasets / "flowers_archive"));
  EXPECT_TRUE(fs::exists(datasets / "flowers.tar.gz"));
  // What is there is taken as it is.
  fs::remove(folder_ / "origin");
  fs::remove(datasets / "flowers_archive");
  EXPECT_EQ(fs::path(get_file("flowers", config)), datasets / "flowers");
  testing::internal::GetCapturedStdout();
}

TEST_F(GetFile, AnArchiveOfAnotherHashIsDownloadedAndExtractedAnew) {
  const fs::path datasets = folder_ / "cache" / "datasets";
  const auto fetch = [&](const std::string& file_hash) {
    return get_file("flowers", {.origin = "file://" + (folder_ / "origin").string(),
                                .file_hash = file_hash,
                                .extract = true,
                                .cache_dir = folder_ / "cache"});
  };
  testing::internal::CaptureStdout();
  write_text(folder_ / "origin", tests::tar({{"a.txt", "old"}, {"gone.txt", ""}}));
  fetch("");
  write_text(folder_ / "origin", tests::tar({{"a.txt", "new"}}));
  const std::string hash = io::download::hash_of(folder_ / "origin", kHelloHash);
  // Where no other archive can be had, the old folder stays.
  EXPECT_THROW(fetch(kHelloHash), FormatError);
  EXPECT_EQ(read_text(datasets / "flowers" / "a.txt"), "old");
  EXPECT_EQ(fs::path(fetch(hash)), datasets / "flowers");
  EXPECT_EQ(read_text(datasets / "flowers" / "a.txt"), "new");
  EXPECT_FALSE(fs::exists(datasets / "flowers" / "gone.txt"));
  // An archive that fits is not asked for again.
  fs::remove(folder_ / "origin");
  fetch(hash);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("A local file was found"));
}

TEST_F(GetFile, KnowsMd5) {
  EXPECT_EQ(get({.file_hash = "5d41402abc4b2a76b9719d911017c592"}), "hello");
  EXPECT_THAT(
      error_text<FormatError>([&] { get({.file_hash = "5d41402abc4b2a76b9719d911017c593", .force_download = true}); }),
      HasSubstr("has the MD5 5d41402abc4b2a76b9719d911017c592"));
  testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace cornu::keras::utils
