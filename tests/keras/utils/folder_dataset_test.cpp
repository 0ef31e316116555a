#include "cornu/keras/utils/folder_dataset.h"

#include <gmock/gmock.h>

#include <fstream>

#include "cornu/io/audio/audio.h"
#include "cornu/io/image/image.h"
#include "cornu/keras/data/strings.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/utils/audio_dataset.h"
#include "cornu/keras/utils/image_dataset.h"
#include "cornu/keras/utils/internal/folder_files.h"
#include "cornu/keras/utils/text_dataset.h"
#include "tests/io/mutations.h"

namespace cornu::keras::utils {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;
using tests::write_text;

class Folders : public testing::Test {
 protected:
  fs::path file(const fs::path& name) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    return path;
  }
  /// The images of a class are all of one brightness, 10 * class + number.
  void write_images(int classes = 2, int each = 3, std::int64_t height = 4, std::int64_t width = 4) {
    for (int c = 0; c < classes; ++c)
      for (int i = 0; i < each; ++i) {
        Array image = graph::zeros({height, width, 3}, graph::uint8);
        image.fill(10 * c + i);
        io::image::write_png(file(std::string(1, static_cast<char>('a' + c)) + "/" + std::to_string(i) + ".png"),
                             image);
      }
  }
  ImageDatasetConfig quiet(ImageDatasetConfig config = {}) {
    config.verbose = false;
    if (config.image_size == Shape{256, 256}) config.image_size = {4, 4};
    return config;
  }
  std::vector<std::string> relative(const std::vector<std::string>& paths) {
    std::vector<std::string> names;
    for (const std::string& path : paths) names.push_back(fs::path(path).lexically_relative(folder_.path()).string());
    return names;
  }
  FolderDataset images(const ImageDatasetConfig& config = {}) {
    return image_dataset_from_directory(folder_.path(), quiet(config));
  }
  std::string error(const ImageDatasetConfig& config) {
    return error_text<ValueError>([&] { images(config); });
  }
  TemporaryFolder folder_;
};

// The orders are those of keras 3.15.
TEST_F(Folders, HaveKerasOrder) {
  for (const char* name :
       {"b/2.png", "b/10.PNG", "b/deep/x.jpg", "b-c/1.jpeg", "a/z.png", "a/y.txt", ".hidden/q.png", "a/.h.png"})
    write_text(file(name), "");
  const auto in_order = images({.shuffle = false});
  EXPECT_THAT(relative(in_order.file_paths),
              ElementsAre("a/.h.png", "a/z.png", "b/10.PNG", "b/2.png", "b/deep/x.jpg", "b-c/1.jpeg"));
  EXPECT_THAT(in_order.class_names, ElementsAre("a", "b", "b-c"));
  EXPECT_THAT(relative(images({.seed = 1337}).file_paths),
              ElementsAre("b/2.png", "b/10.PNG", "a/z.png", "a/.h.png", "b/deep/x.jpg", "b-c/1.jpeg"));
  const auto named = images({.class_names = {"b", "a"}, .seed = 5});
  EXPECT_THAT(relative(named.file_paths), ElementsAre("a/z.png", "b/10.PNG", "b/2.png", "b/deep/x.jpg", "a/.h.png"));
  EXPECT_THAT(named.class_names, ElementsAre("b", "a"));
  const auto given = images({.labels = {{5, 1, 1, 2, 9, 1, 0}}, .seed = 3});
  EXPECT_THAT(relative(given.file_paths),
              ElementsAre("b/2.png", "b/deep/x.jpg", "b-c/1.jpeg", "b/10.PNG", "a/.h.png", ".hidden/q.png", "a/z.png"));
  EXPECT_THAT(given.class_names, ElementsAre("0", "1", "2", "5", "9"));
  EXPECT_THAT(relative(images({.labels = nullptr, .shuffle = false}).file_paths),
              ElementsAre(".hidden/q.png", "a/.h.png", "a/z.png", "b/10.PNG", "b/2.png", "b-c/1.jpeg", "b/deep/x.jpg"));
  // The split of the shuffled files: int(0.4 * 6) = 2 from the end.
  ImageDatasetConfig split{.seed = 1337, .validation_split = 0.4, .subset = "validation"};
  EXPECT_THAT(relative(images(split).file_paths), ElementsAre("b/deep/x.jpg", "b-c/1.jpeg"));
  const auto [training, validation] = image_datasets_from_directory(folder_.path(), quiet(split));
  EXPECT_THAT(relative(training.file_paths), ElementsAre("b/2.png", "b/10.PNG", "a/z.png", "a/.h.png"));
  EXPECT_EQ(relative(validation.file_paths), relative(images(split).file_paths));
}

TEST_F(Folders, GiveImagesWithLabels) {
  write_images();
  std::int64_t at = 0;
  for (const data::Element& e : images({.batch_size = 4, .shuffle = false})) {
    EXPECT_EQ(e[0].spec(), (graph::Spec{graph::float32, {at == 0 ? 4 : 2, 4, 4, 3}}));
    EXPECT_EQ(e[1].spec(), (graph::Spec{graph::int32, {at == 0 ? 4 : 2}}));
    for (std::int64_t i = 0; i < e[1].rows(); ++i, ++at) {
      EXPECT_EQ(e[1].at<std::int32_t>({i}), at / 3);
      EXPECT_EQ(e[0].at<float>({i, 3, 3, 2}), static_cast<float>(10 * (at / 3) + at % 3));
    }
  }
  EXPECT_EQ(at, 6);
  const auto first = [](const FolderDataset& dataset) { return *dataset.begin(); };
  const data::Element hot = first(images({.label_mode = "categorical", .color_mode = "grayscale", .shuffle = false}));
  EXPECT_EQ(hot[0].shape(), Shape({6, 4, 4, 1}));
  EXPECT_TRUE(array_equal(hot[1].slice(2, 4), Array{{1.f, 0.f}, {0.f, 1.f}}));
  const data::Element binary = first(images({.label_mode = "binary", .batch_size = std::nullopt, .shuffle = false}));
  EXPECT_EQ(binary[0].shape(), Shape({4, 4, 3}));
  EXPECT_TRUE(array_equal(binary[1], Array{0.f}));
  EXPECT_EQ(first(images({.label_mode = nullptr})).size(), 1u);
  EXPECT_EQ(images({.batch_size = 4}).cardinality(), 2);
}

TEST_F(Folders, AreTrainedOnInAnotherOrderEachTime) {
  write_images(2, 8);
  const FolderDataset set = images({.batch_size = 16, .seed = 1});
  const auto labels = [&] { return (*set.begin())[1]; };
  EXPECT_FALSE(array_equal(labels(), labels()));
  models::Sequential model({layers::Flatten(), layers::Dense(2, {.activation = "softmax"})});
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  EXPECT_EQ(model.fit(set, {.epochs = 2, .verbose = 0, .validation_data = set})["val_loss"].size(), 2u);
}

// As tf.image.resize_with_pad and keras' smart_resize of (5, 4): see io/image/sample_test.cpp for the others.
TEST_F(Folders, KeepTheAspectRatioOnRequest) {
  const Array pixels =
      Array{{0, 37, 74, 111}, {148, 185, 222, 3}, {40, 77, 114, 151}, {188, 225, 6, 43}, {80, 117, 154, 191}};
  io::image::write_png(file("a/0.png"), pixels.reshape({5, 4, 1}).astype(graph::uint8));
  const auto image = [&](ImageDatasetConfig config) {
    config.color_mode = "grayscale", config.batch_size = std::nullopt;
    const Array x = (*images(config).begin())[0];
    return x.reshape({x.shape()[0], x.shape()[1]});
  };
  const Array padded = image({.image_size = {4, 8}, .pad_to_aspect_ratio = true});
  EXPECT_TRUE(allclose(padded.slice(0, 2),
                       Array{{0.f, 0.f, 24.666668f, 74.f, 96.666672f, 0.f, 0.f, 0.f},
                             {0.f, 0.f, 113.666672f, 163.f, 78.999985f, 0.f, 0.f, 0.f}},
                       0, 1e-3))
      << padded;
  const Array cropped = image({.image_size = {3, 6}, .crop_to_aspect_ratio = true});
  EXPECT_TRUE(allclose(cropped.slice(0, 2),
                       Array{{148.f, 166.5f, 191.166672f, 215.833344f, 112.5f, 3.f},
                             {94.f, 112.5f, 137.166672f, 161.833344f, 122.5f, 77.f}},
                       0, 1e-3))
      << cropped;
}

TEST_F(Folders, NameAFileThatIsNoImage) {
  write_images();
  write_text(file("a/9.png"), "no picture");
  const FolderDataset strict = images({.shuffle = false});
  EXPECT_THAT(error_text<FormatError>([&] {
                for (const data::Element& e : strict) (void)e;
              }),
              HasSubstr("a/9.png]"));
  models::Sequential model({layers::Flatten(), layers::Dense(2)});
  model.compile({.optimizer = "adam", .loss = "mse"});
  EXPECT_THAT(error_text<FormatError>([&] { model.fit(images({.label_mode = "categorical"}), {.verbose = 0}); }),
              HasSubstr("a/9.png]"));
  testing::internal::CaptureStderr();
  std::int64_t n = 0;
  const FolderDataset lenient = images({.skip_broken = true});
  for (int pass = 0; pass < 2; ++pass)
    for (const data::Element& e : lenient) n += e[0].rows();
  const std::string warned = testing::internal::GetCapturedStderr();
  EXPECT_EQ(n, 12);
  EXPECT_THAT(warned, HasSubstr("a/9.png]"));
  EXPECT_EQ(warned.find("a/9.png]"), warned.rfind("a/9.png]")) << "warned of once";
}

TEST_F(Folders, NameWhatIsWrong) {
  EXPECT_THAT(error({}), HasSubstr("image_dataset_from_directory: no files were found in "));
  write_images(3, 2);
  EXPECT_THAT(error({.labels = "guessed"}), HasSubstr("expected labels to be \"inferred\", nullptr or a list"));
  EXPECT_THAT(error({.label_mode = "one_hot"}), HasSubstr("got 'one_hot'"));
  EXPECT_THAT(error({.label_mode = "binary"}), HasSubstr("needs two classes, got a, b, c"));
  EXPECT_THAT(error({.class_names = {"a", "d"}}), HasSubstr("class_names has 'd', but the folders of "));
  EXPECT_THAT(error({.labels = {{1, 2}}, .class_names = {"a"}}), HasSubstr("class_names are for labels"));
  EXPECT_THAT(error({.labels = {{1, 2}}}), HasSubstr("2 labels for 6 files"));
  EXPECT_THAT(error({.color_mode = "cmyk"}), HasSubstr("known are grayscale, rgb, rgba"));
  EXPECT_THAT(error({.batch_size = 0}), HasSubstr("batch_size must be at least 1"));
  EXPECT_THAT(error({.image_size = {4}}), HasSubstr("image_size must be {height, width}"));
  EXPECT_THAT(error({.validation_split = 0.5, .subset = "training"}), HasSubstr("needs a seed"));
  EXPECT_THAT(error({.seed = 1, .validation_split = 0.5}), HasSubstr("given together or not at all"));
  EXPECT_THAT(error({.seed = 1, .validation_split = 0.5, .subset = "test"}), HasSubstr("got 'test'"));
  EXPECT_THAT(error({.seed = 1, .validation_split = 0.5, .subset = "both"}), HasSubstr("two data sets"));
  EXPECT_THAT(error({.seed = 1, .validation_split = 1.5, .subset = "training"}), HasSubstr("between 0 and 1"));
  EXPECT_THAT(error({.seed = 1, .validation_split = 0.01, .subset = "training"}), HasSubstr("no files for training"));
  EXPECT_THAT(error({.interpolation = "cubic"}), HasSubstr("unknown interpolation 'cubic'"));
  EXPECT_THAT(error({.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true}), HasSubstr("only one of"));
  EXPECT_THAT(error_text<IoError>([&] { image_dataset_from_directory(folder_ / "none"); }), HasSubstr("is no folder"));
}

TEST_F(Folders, FollowLinksOnRequest) {
  write_images(1, 2);
  fs::create_directories(folder_ / "b");
  fs::create_directory_symlink(folder_ / "a", folder_ / "b" / "link");
  EXPECT_EQ(images().file_paths.size(), 2u);
  EXPECT_EQ(images({.follow_links = true}).file_paths.size(), 4u);
}

TEST_F(Folders, SayWhatTheyFound) {
  write_images();
  testing::internal::CaptureStdout();
  image_dataset_from_directory(folder_.path(),
                               {.image_size = {4, 4}, .seed = 1, .validation_split = 0.5, .subset = "training"});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "Found 6 files belonging to 2 classes.\nUsing 3 files for training.\n");
}

TEST_F(Folders, GiveTexts) {
  write_text(file("neg/1.txt"), "bad");
  write_text(file("pos/1.txt"), "so very good");
  write_text(file("pos/2.txt"), "");
  write_text(file("pos/2.md"), "no text");
  const auto set = text_dataset_from_directory(folder_.path(), {.shuffle = false, .verbose = false});
  const data::Element e = *set.begin();
  EXPECT_EQ(Strings::of(e[0]), (Strings{"bad", "so very good", ""}));
  EXPECT_TRUE(array_equal(e[1], Array{0, 1, 1}));
  const auto cut = text_dataset_from_directory(
      folder_.path(), {.label_mode = nullptr, .max_length = 2, .shuffle = false, .verbose = false});
  EXPECT_EQ(Strings::of((*cut.begin())[0]), (Strings{"ba", "so", ""}));
  const auto [training, validation] =
      text_datasets_from_directory(folder_.path(), {.seed = 1, .validation_split = 0.34, .verbose = false});
  EXPECT_EQ(training.file_paths.size(), 2u);
  EXPECT_EQ(validation.file_paths.size(), 1u);
}

TEST_F(Folders, GiveRecordings) {
  io::audio::write_wav(file("no/1.wav"), Array{0.5f, 0.25f}, 8000);
  io::audio::write_wav(file("yes/1.wav"), Array{-0.5f, 0.f, 0.125f}, 8000);
  AudioDatasetConfig config{.shuffle = false, .verbose = false};
  const data::Element e = *audio_dataset_from_directory(folder_.path(), config).begin();
  EXPECT_TRUE(allclose(e[0].reshape({2, 3}), Array{{0.5f, 0.25f, 0.f}, {-0.5f, 0.f, 0.125f}}, 0, 1e-4));
  EXPECT_EQ(e[0].shape(), Shape({2, 3, 1}));
  config.output_sequence_length = 4;
  EXPECT_EQ((*audio_dataset_from_directory(folder_.path(), config).begin())[0].shape(), Shape({2, 4, 1}));
  config.sampling_rate = 16000, config.output_sequence_length.reset();
  EXPECT_EQ((*audio_dataset_from_directory(folder_.path(), config).begin())[0].rows(), 2);
  config.ragged = true;
  EXPECT_THAT(error_text<ValueError>([&] { audio_dataset_from_directory(folder_.path(), config); }),
              HasSubstr("there are no ragged tensors"));
}

}  // namespace
}  // namespace cornu::keras::utils
