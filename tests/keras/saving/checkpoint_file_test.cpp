#include "cornu/keras/saving/internal/checkpoint_file.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::saving {
namespace {

using graph::Array;
using graph::FormatError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;

struct Things {
  graph::Variable weight{Array{{1.f, 2.f}, {3.f, 4.f}}, "w"}, half{Array{1.5f, -2.f}.astype(graph::bfloat16), "h"},
      none{graph::zeros({0, 3}), "n"}, unbuilt;
  std::int64_t count = 7;
  double best = -0.25;
  graph::random::Generator generator{11};

  void state(StateVisitor& v) {
    v("weight", weight), v("half", half), v("none", none), v("unbuilt", unbuilt);
    v("count", count), v("best", best), v("generator", generator);
  }
};
struct Pair {
  Things a, b;
  void state(StateVisitor& v) { v.part("a", a), v.part("b", b); }
};

template <class T>
StateSnapshot snapshot_of(T& object) {
  StateSnapshot snapshot;
  snapshot.take([&](StateVisitor& v) { object.state(v); });
  return snapshot;
}

TEST(CheckpointFile, KeepsEveryKindOfState) {
  const tests::TemporaryFolder folder;
  Pair pair;
  pair.b.count = -1, pair.b.weight.assign(graph::zeros({2, 2}));
  pair.a.generator.next();
  write_checkpoint(folder / "c.h5", snapshot_of(pair));
  const StateSnapshot read = read_checkpoint(folder / "c.h5");
  EXPECT_EQ(read.entries().size(), 12u);

  Pair other;
  other.a.weight.assign(graph::ones({2, 2}));
  other.a.generator = graph::random::Generator(0);
  other.a.best = 0;
  other.a.half.assign(graph::zeros({2}));
  SnapshotReader reader(read);
  other.state(reader);
  EXPECT_TRUE(array_equal(other.a.weight.value(), Array{{1.f, 2.f}, {3.f, 4.f}}));
  EXPECT_TRUE(array_equal(other.a.half.value().astype(graph::float32), Array{1.5f, -2.f}));
  EXPECT_EQ(other.a.count, 7);
  EXPECT_EQ(other.b.count, -1);
  EXPECT_EQ(other.a.best, -0.25);
  EXPECT_EQ(other.a.generator.next(), pair.a.generator.next());
  EXPECT_TRUE(reader.left().empty());
  EXPECT_TRUE(reader.missing().empty());
}

TEST(CheckpointFile, IsReadable) {
  const tests::TemporaryFolder folder;
  Pair pair;
  write_checkpoint(folder / "c.h5", snapshot_of(pair));
  const auto root = io::hdf5::File(folder / "c.h5").root();
  EXPECT_EQ(root.text("format"), "cornu checkpoint");
  EXPECT_EQ(root.group("state/a").integer("count"), 7);
  EXPECT_TRUE(array_equal(root.dataset("state/a/weight"), Array{{1.f, 2.f}, {3.f, 4.f}}));
}

TEST(CheckpointFile, SaysWhatIsWrong) {
  const tests::TemporaryFolder folder;
  const auto path = folder / "c.h5";
  EXPECT_THROW(read_checkpoint(path), graph::IoError);
  {
    io::hdf5::Writer file(path);
    file.root().text("format", "another");
    file.commit();
  }
  EXPECT_THAT(error_text<FormatError>([&] { read_checkpoint(path); }), HasSubstr("not a checkpoint"));
  {
    io::hdf5::Writer file(path);
    file.root().text("format", "cornu checkpoint");
    file.root().integer("version", 2);
    file.commit();
  }
  EXPECT_THAT(error_text<FormatError>([&] { read_checkpoint(path); }),
              HasSubstr("a checkpoint of version 2, this program reads 1"));
  {
    io::hdf5::Writer file(path);
    file.root().text("format", "cornu checkpoint");
    file.root().integer("version", 1);
    file.root().integer("checksum", 1);
    file.root().group("state").integer("count", 3);
    file.commit();
  }
  EXPECT_THAT(error_text<FormatError>([&] { read_checkpoint(path); }), HasSubstr("the checksum is wrong"));
}

// Bytes that turn are noticed wherever they are, and never end the program.
TEST(CheckpointFile, NoticesDamage) {
  const tests::TemporaryFolder folder;
  Pair pair;
  const StateSnapshot whole = snapshot_of(pair);
  write_checkpoint(folder / "c.h5", whole);
  const std::string bytes = tests::read_text(folder / "c.h5");
  int refused = 0, same = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 211) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    tests::write_text(folder / "d.h5", damaged);
    try {
      const StateSnapshot read = read_checkpoint(folder / "d.h5");
      EXPECT_EQ(read.entries().size(), whole.entries().size()) << at;  // a byte that nothing depends on
      ++same;
    } catch (const graph::Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(same, 0);
}

TEST(StateSnapshot, UsesItsMemoryAgainAndFollowsChanges) {
  Pair pair;
  StateSnapshot snapshot = snapshot_of(pair);
  const auto memory = [&] { return std::get<Array>(*snapshot.find("b/weight")).bytes(); };
  const auto before = memory();
  pair.b.weight.assign(graph::full({2, 2}, 9));
  snapshot.take([&](StateVisitor& v) { pair.state(v); });
  EXPECT_EQ(memory(), before);
  EXPECT_TRUE(array_equal(std::get<Array>(*snapshot.find("b/weight")), graph::full({2, 2}, 9)));
  snapshot.take([&](StateVisitor& v) { pair.b.state(v); });
  EXPECT_EQ(snapshot.find("b/weight"), nullptr);
  EXPECT_EQ(snapshot.entries().size(), 6u);
  ASSERT_NE(snapshot.find("count"), nullptr);
  EXPECT_EQ(std::get<std::int64_t>(*snapshot.find("count")), 7);
}

TEST(StateSnapshot, RefusesTwoOfOneName) {
  Things things;
  StateSnapshot snapshot;
  EXPECT_EQ(error_text<ValueError>(
                [&] { snapshot.take([&](StateVisitor& v) { v.part("a", things), v.part("a", things); }); }),
            "two states are named a/weight");
}

TEST(SnapshotReader, GivesEachValueOnce) {
  Things things;
  const StateSnapshot snapshot = snapshot_of(things);
  SnapshotReader reader(snapshot);
  reader("count", things.count);
  things.count = 100;
  reader("count", things.count);
  EXPECT_EQ(things.count, 100) << "it has gone on since";
  std::int64_t other = 3;
  reader("other", other);
  EXPECT_EQ(other, 3);
  EXPECT_THAT(reader.missing(), ElementsAre("other"));
  EXPECT_THAT(reader.left(), ElementsAre("weight", "half", "none", "best", "generator"));
  EXPECT_EQ(error_text<ValueError>([&] { reader("best", things.count); }), "best is of another kind there than here");
}

}  // namespace
}  // namespace cornu::keras::saving
