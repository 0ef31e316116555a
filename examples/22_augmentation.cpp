// Images from a folder, and more of them than there are: layers turn, flip and shift them by chance, each time in
// another way, while the model trains.
#include <cornu/cornu.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

/// Bars that lie, and bars that lean, as files in folders of these names: either in the middle and falling to the
/// right, or anywhere and either way.
void draw_images(const fs::path& folder, int count, bool anywhere, random::Generator& rng) {
  for (const char* kind : {"flat", "steep"}) {
    fs::create_directories(folder / kind);
    for (int i = 0; i < count; ++i) {
      Array image = rng.uniform({24, 24, 1}, 0, 0.4);
      const double slope = (*kind == 'f' ? 0.2 : 0.8) * (anywhere && rng.below(2) == 1 ? -1 : 1);
      const int shift = anywhere ? static_cast<int>(rng.below(9)) - 4 : 0;
      for (int c = 0; c < 24; ++c) {
        const int r = 12 + shift + static_cast<int>(slope * (c - 12));
        for (int thick = 0; thick < 3; ++thick)
          if (r + thick >= 0 && r + thick < 24) image.at<float>({r + thick, c, 0}) += 0.5F;
      }
      utils::save_img(folder / kind / (std::to_string(i) + ".png"), image * 255, {.scale = false});
    }
  }
}

struct Images {
  Array x, y;
};

/// The images of a folder, whose subfolders are the classes in the order of their names.
Images read_images(const fs::path& folder) {
  std::vector<fs::path> classes;
  for (const auto& entry : fs::directory_iterator(folder)) classes.push_back(entry.path());
  std::sort(classes.begin(), classes.end());
  std::vector<Array> x;
  std::vector<int> y;
  for (std::size_t label = 0; label < classes.size(); ++label)
    for (const auto& entry : fs::directory_iterator(classes[label])) {
      x.push_back(utils::load_img(entry.path(), {.color_mode = "grayscale", .target_size = {24, 24}}));
      y.push_back(static_cast<int>(label));
    }
  return {stack(x).astype(float32) / 255, Array(y)};
}

int main() {
  utils::set_random_seed(2);
  random::Generator rng(2);
  draw_images("augmentation/train", 20, false, rng);
  draw_images("augmentation/test", 100, true, rng);
  const Images train = read_images("augmentation/train"), test = read_images("augmentation/test");

  models::Sequential augment({layers::Input({.shape = {24, 24, 1}}), layers::RandomFlip("horizontal"),
                              layers::RandomTranslation(0.2, 0.2), layers::RandomRotation(0.02)},
                             "augment");
  const auto accuracy_with = [&](bool augmented) {
    models::Sequential model({layers::Input({.shape = {24, 24, 1}})});
    if (augmented) model.add(augment);
    model.add(layers::Conv2D(8, 5, {.activation = "relu"}));
    model.add(layers::MaxPooling2D(2));
    model.add(layers::Conv2D(16, 3, {.activation = "relu"}));
    model.add(layers::Flatten());
    model.add(layers::Dense(1, {.activation = "sigmoid"}));
    model.compile({.optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy"}});
    model.fit(train.x, train.y, {.batch_size = 10, .epochs = 60, .verbose = 0});
    return model.evaluate(test.x, test.y, {.verbose = 0})["accuracy"];
  };
  const double plain = accuracy_with(false), augmented = accuracy_with(true);
  std::cerr << "accuracy " << plain << ", with augmentation " << augmented << '\n';

  // When a model does not train, images pass these layers as they are.
  std::cout << std::boolalpha << "images: " << train.x.shape() << '\n'
            << "left alone in predictions: " << array_equal(augment.predict(train.x), train.x) << '\n'
            << "learnt more from forty images: " << (augmented > 0.85 && augmented > plain + 0.2) << '\n';
}

// Prints:
//   images: (40, 24, 24, 1)
//   left alone in predictions: true
//   learnt more from forty images: true
