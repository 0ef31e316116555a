// Dataset::read(start, stop): rows of a dataset that is larger than memory.
#include <gmock/gmock.h>

#include <numeric>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "tests/io/hdf5/foreign_file.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

using testing::HasSubstr;
using tests::ForeignFile;
using tests::TemporaryFolder;

TEST(Hdf5Rows, AreThoseOfTheWholeDataset) {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  std::vector<double> numbers(60);
  std::iota(numbers.begin(), numbers.end(), 0);
  {
    ForeignFile file(path);
    file.dataset("plain", H5T_IEEE_F32BE, H5T_NATIVE_DOUBLE, {10, 3, 2}, numbers.data());
    file.dataset("integers", H5T_STD_U64LE, H5T_NATIVE_DOUBLE, {60}, numbers.data());
    const hid_t packed = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {4, 2};
    H5Pset_chunk(packed, 2, chunk);
    H5Pset_deflate(packed, 4);
    file.dataset("packed", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {20, 3}, numbers.data(), packed);
    file.dataset("scalar", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {}, numbers.data());
  }
  const Group root = File(path).root();
  for (const char* name : {"plain", "integers", "packed"}) {
    const Dataset dataset = root.at(name);
    const Array whole = dataset.read();
    for (const auto& [start, stop] : {std::pair(0, 1), std::pair(3, 9), std::pair(5, 5), std::pair(0, 10)}) {
      const Array rows = dataset.read(start, stop);
      EXPECT_TRUE(array_equal(rows, whole.slice(start, stop))) << name << ' ' << start << ' ' << stop;
      EXPECT_EQ(rows.dtype(), whole.dtype());
    }
    EXPECT_TRUE(array_equal(dataset.read(0, whole.rows()), whole));
    for (const auto& [start, stop] : {std::pair(-1, 1), std::pair(3, 2), std::pair(0, 61)})
      EXPECT_THROW(dataset.read(start, stop), ValueError) << name << ' ' << start << ' ' << stop;
  }
  EXPECT_THAT(tests::error_text<ValueError>([&] { root.at("scalar").read(0, 1); }),
              HasSubstr("/scalar: there are no rows 0 to 1 in shape ()"));
}

TEST(Hdf5Rows, OfBools) {
  const TemporaryFolder folder;
  const Array x = graph::arange(0, 12).reshape({6, 2}) > 4;
  Writer file(folder / "a.h5");
  file.root().dataset("x", x);
  file.commit();
  EXPECT_TRUE(array_equal(File(folder / "a.h5").root().at("x").read(1, 4), x.slice(1, 4)));
}

}  // namespace
}  // namespace cornu::io::hdf5
