#include "cornu/io/download/download.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::download {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using graph::ValueError;
using testing::HasSubstr;
using testing::StartsWith;
using tests::error_text;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

constexpr const char* kHelloHash =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";  // sha256sum of "hello"

class Download : public testing::Test {
 protected:
  Download() { write_text(folder_ / "source", "hello"); }
  TemporaryFolder folder_;
  fs::path target_ = folder_ / "target";
  std::string url_ = "file://" + (folder_ / "source").string();
};

TEST_F(Download, FetchesAndChecks) {
  download(url_, target_, {.file_hash = kHelloHash});
  EXPECT_EQ(read_text(target_), "hello");
  EXPECT_EQ(hash_of(target_), kHelloHash);
  std::string upper = kHelloHash;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_NO_THROW(download(url_, target_, {.file_hash = upper}));
}

TEST_F(Download, EmptyFilesHaveAHashToo) {
  write_text(folder_ / "source", "");
  download(url_, target_, {.file_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"});
  EXPECT_EQ(read_text(target_), "");
}

TEST_F(Download, AWrongHashLeavesNothing) {
  std::string wrong = kHelloHash;
  wrong[0] = '3';
  EXPECT_EQ(error_text<FormatError>([&] { download(url_, target_, {.file_hash = wrong}); }),
            "[" + url_ + "] the content has the SHA-256 " + kHelloHash + ", expected was " + wrong +
                ": it was damaged on the way or is not the file it should be");
  EXPECT_FALSE(fs::exists(target_));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
  EXPECT_THAT(error_text<ValueError>([&] { download(url_, target_, {.file_hash = "abc"}); }),
              HasSubstr("must have 64 hexadecimal digits, or 32 of MD5, got 'abc'"));
}

TEST_F(Download, DrawsABarOverTheBytes) {
  write_text(folder_ / "source", std::string(100000, 'x'));
  std::ostringstream out;
  download(url_, target_, {.progress = &out});
  EXPECT_THAT(out.str(), StartsWith("Downloading data from " + url_ + "\n"));
  EXPECT_THAT(out.str(), testing::ContainsRegex("\r100000/100000 \\[==============================\\] - 0s *\n"));
}

TEST_F(Download, NamesTheUrlAndTheReason) {
  const std::string missing = "file://" + (folder_ / "none").string();
  EXPECT_THAT(error_text<IoError>([&] { download(missing, target_); }),
              StartsWith("[" + missing + "] cannot download: "));
  EXPECT_THAT(error_text<IoError>([&] { download("gopher://localhost/", target_); }),
              HasSubstr("[gopher://localhost/] cannot download: Protocol"));
  EXPECT_THAT(error_text<IoError>([&] { download("http://127.0.0.1:1/x", target_); }),
              HasSubstr("[http://127.0.0.1:1/x] cannot download: "));
  EXPECT_THAT(error_text<IoError>([&] { download(url_, folder_ / "no" / "target"); }),
              HasSubstr("cannot write: No such file or directory"));
  EXPECT_FALSE(fs::exists(target_));
}

}  // namespace
}  // namespace cornu::io::download
