#include "cornu/io/pickle/internal/pickle.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"
#include "tests/io/pickle/pickles.h"

namespace cornu::io::pickle {
namespace {

using graph::FormatError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::TemporaryFolder;
using tests::write_text;
namespace pickles = tests::pickles;

class PickleFiles : public testing::Test {
 protected:
  Pickle read(const std::string& bytes) {
    write_text(path_, bytes);
    io::internal::InputFile file(path_);
    return Pickle(file);
  }
  std::string error(const std::string& bytes) {
    return error_text<FormatError>([&] { read(bytes); });
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "p";
};

TEST_F(PickleFiles, AreReadAsData) {
  const Pickle p = read(pickles::whole(pickles::dict(
      {{"labels", pickles::numbers({3, 300, 70000, -1})},
       {"data", pickles::array("u1", '|', {2, 3}, pickles::text(std::string("\x01\x02\x03\x04\x05\x06")))},
       {"wide", pickles::array("i4", '>', {2}, pickles::text(std::string("\0\0\0\x07\xff\xff\xff\xff", 8)))},
       {"turned", pickles::array("u1", '|', {2, 2}, pickles::text("\x01\x02\x03\x04"), true)}})));
  EXPECT_THAT(p.numbers(p.at(p.root(), "labels"), "labels"), ElementsAre(3, 300, 70000, -1));
  using graph::Array;
  EXPECT_TRUE(array_equal(p.array(p.at(p.root(), "data"), "data"), Array{{1, 2, 3}, {4, 5, 6}}.astype(graph::uint8)));
  EXPECT_THAT(p.numbers(p.at(p.root(), "wide"), "wide"), ElementsAre(7, -1));
  EXPECT_TRUE(array_equal(p.array(p.at(p.root(), "turned"), "turned"), Array{{1, 3}, {2, 4}}.astype(graph::uint8)));
}

// np.array([[1, 300], [70000]], dtype=object) as pickle.dumps of NumPy 2 writes it, protocols 3 and 4.
TEST_F(PickleFiles, OfNewerProtocols) {
  const std::string three = from_hex(
      "8003636e756d70792e5f636f72652e6d756c746961727261790a5f7265636f6e7374727563740a7100636e756d70790a6e6461727261790a"
      "71014b008571024301627103877104527105284b014b02857106636e756d70790a64747970650a710758020000004f387108898887710952"
      "710a284b0358010000007c710b4e4e4e4affffffff4affffffff4b3f74710c62895d710d285d710e284b014d2c01655d710f4a7011010061"
      "65747110622e");
  const std::string four = from_hex(
      "8004959b000000000000008c166e756d70792e5f636f72652e6d756c74696172726179948c0c5f7265636f6e7374727563749493948c056e"
      "756d7079948c076e6461727261799493944b0085944301629487945294284b014b02859468038c0564747970659493948c024f3894898887"
      "945294284b038c017c944e4e4e4affffffff4affffffff4b3f749462895d94285d94284b014d2c01655d944a7011010061657494622e");
  for (const std::string& bytes : {three, four}) {
    const Pickle p = read(bytes);
    EXPECT_THAT(p.lists(p.root(), "x"), ElementsAre(ElementsAre(1, 300), ElementsAre(70000)));
  }
  // Protocol 0: {'a': [1, 2L], 'b': None}
  const Pickle old = read("(dp0\nS'a'\np1\n(lp2\nI1\naL2L\nasS'b'\np3\nNs.");
  EXPECT_THAT(old.numbers(old.at(old.root(), "a"), "a"), ElementsAre(1, 2));
  EXPECT_EQ(old.at(old.root(), "b").kind, Pickle::Kind::none);
}

TEST_F(PickleFiles, RunNothing) {
  EXPECT_EQ(
      error(pickles::whole("cos\nsystem\n" + pickles::text("echo") + "\x85R")),
      "[" + path_.string() + "] a pickle that names os.system: only data and NumPy's arrays are read, nothing is run");
  EXPECT_THAT(error("\x80\x04\x8c\x08"
                    "builtins\x8c\x04"
                    "eval\x93."),
              HasSubstr("names builtins.eval"));
  EXPECT_THAT(error("\x80\x02(ios\nsystem\n."), HasSubstr("the opcode 105 is none of plain data"));
  EXPECT_THAT(error(pickles::whole("cnumpy\nndarray\n)R")), HasSubstr("calls numpy.ndarray"));
  EXPECT_THAT(error("\x80\x06N."), HasSubstr("protocol 6; the newest that is known is 5"));
}

TEST_F(PickleFiles, NameWhatIsNotThere) {
  const Pickle p = read(pickles::whole(pickles::dict({{"labels", pickles::text("x")}, {"n", "N"}})));
  EXPECT_EQ(error_text<FormatError>([&] { p.at(p.root(), "data"); }),
            "[" + path_.string() + "] has no 'data'; it has 'n', 'labels'");
  EXPECT_EQ(error_text<FormatError>([&] { p.numbers(p.at(p.root(), "labels"), "labels"); }),
            "[" + path_.string() + "] expected labels to be a list, got a text");
  EXPECT_THAT(error_text<FormatError>([&] { p.array(p.at(p.root(), "n"), "n"); }),
              HasSubstr("expected n to be an array of NumPy, got None"));
}

TEST_F(PickleFiles, ThatAreDeepOrReferToThemselvesAreNoDanger) {
  const int deep = 300'000;
  read("\x80\x02" + std::string(deep, ']') + std::string(deep - 1, 'a') + ".");
  const Pickle self = read(
      "\x80\x02]q\x01h\x01"
      "a.");
  EXPECT_THAT(error_text<FormatError>([&] { self.lists(self.root(), "x"); }),
              HasSubstr("expected what is in x to be a whole number, got a list"));
  // One list of a thousand numbers, a hundred thousand times.
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "h\x01";
  const Pickle bomb = read("\x80\x02](" + pickles::numbers(std::vector<std::int64_t>(1000, 1)) + "q\x01" + many + "e.");
  EXPECT_THAT(error_text<FormatError>([&] { bomb.lists(bomb.root(), "x"); }), HasSubstr("repeats lists"));
}

TEST_F(PickleFiles, DamageIsAClearError) {
  const std::string bytes =
      pickles::whole(pickles::dict({{"labels", pickles::numbers({3, 300})},
                                    {"data", pickles::array("u1", '|', {1, 2}, pickles::text("ab"))},
                                    {"lists", pickles::lists({{1, 2}, {3}})}}));
  const int errors = tests::expect_clear_errors(bytes, [](const std::filesystem::path& path) {
    io::internal::InputFile file(path);
    const Pickle p(file);
    p.numbers(p.at(p.root(), "labels"), "labels");
    p.array(p.at(p.root(), "data"), "data");
    p.lists(p.at(p.root(), "lists"), "lists");
  });
  EXPECT_GT(errors, 500);
}

}  // namespace
}  // namespace cornu::io::pickle
