#include "cornu/io/npy/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cornu/io/npy/npy.h"

namespace cornu::io::npy {
namespace {

namespace fs = std::filesystem;

class NpyRows : public testing::Test {
 protected:
  fs::path path_ = fs::temp_directory_path() /
                   (std::string("cornu_npy_rows_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  void TearDown() override { fs::remove(path_); }
  // A file with this dictionary and these bytes behind it.
  void write(const std::string& dictionary, const std::string& bytes) const {
    std::string header = dictionary + '\n';
    std::ofstream(path_, std::ios::binary)
        << "\x93NUMPY" << '\1' << '\0' << static_cast<char>(header.size()) << '\0' << header << bytes;
  }
};

TEST_F(NpyRows, AreThoseOfTheWholeArray) {
  for (const graph::DType dtype : {graph::float32, graph::uint8, graph::int64, graph::bool_, graph::bfloat16}) {
    const Array x = (graph::arange(0, 24) > 7).astype(dtype).reshape({4, 3, 2});
    save(path_, x);
    const Rows rows(path_);
    EXPECT_EQ(rows.spec(), x.spec());
    EXPECT_TRUE(array_equal(rows.read(1, 3), x.slice(1, 3)));
    EXPECT_EQ(rows.read(2, 2).shape(), (graph::Shape{0, 3, 2}));
    EXPECT_TRUE(array_equal(rows.read(0, 4), x));
    EXPECT_THROW(rows.read(3, 5), ValueError);
    EXPECT_THROW(rows.read(-1, 2), ValueError);
    EXPECT_THROW(rows.read(2, 1), ValueError);
  }
}

TEST_F(NpyRows, AreConvertedAsLoadDoes) {
  write("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 2), }", std::string("\0\1\0\2\0\3\1\0", 8));
  const Rows rows(path_);
  EXPECT_EQ(rows.spec(), (graph::Spec{graph::int32, {2, 2}}));
  EXPECT_TRUE(array_equal(rows.read(1, 2), Array{{3, 256}}));
}

TEST_F(NpyRows, SayWhatCannotBeRead) {
  write("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", std::string(20, 'x'));
  EXPECT_THROW(Rows{path_}, FormatError) << "four bytes are missing";
  write("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }", std::string(20, 'x'));
  EXPECT_THROW(Rows{path_}, FormatError);
  write("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", std::string(8, 'x'));
  EXPECT_THROW(Rows{path_}, ValueError);
  write("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", std::string(4, 'x'));
  EXPECT_THROW(Rows{path_}, ValueError);
  EXPECT_THROW(Rows{fs::path("/no/such/file.npy")}, IoError);
}

TEST_F(NpyRows, AreWrittenPieceByPiece) {
  const Array x = graph::arange(0, 12).reshape({6, 2});
  {
    RowWriter file(path_, x.spec());
    file.write(x.slice(0, 1));
    file.write(x.slice(1, 4));
    EXPECT_THROW(file.commit(), ValueError) << "two are missing";
    EXPECT_THROW(file.write(x.slice(0, 3)), ShapeError) << "more than that";
    EXPECT_THROW(file.write(x.slice(0, 2).astype(graph::int32)), ShapeError);
    EXPECT_FALSE(fs::exists(path_));
    file.write(x.slice(4, 6));
    file.commit();
  }
  EXPECT_TRUE(array_equal(load(path_), x));
  EXPECT_THROW(RowWriter(path_, {graph::float32, {}}), ValueError);
  EXPECT_THROW(RowWriter(path_, {graph::float32, {graph::kUnknown, 2}}), ValueError);
}

}  // namespace
}  // namespace cornu::io::npy
