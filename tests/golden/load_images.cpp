// For scripts/check_images.py: reads the pictures of a list as utils::load_img does and writes the arrays.
//   load_images LIST      with a line for each: PATH COLOR_MODE HEIGHT WIDTH INTERPOLATION KEEP_ASPECT_RATIO OUT.npy
// A height of 0 stands for no target size. What cannot be read leaves its error in OUT.npy.txt.
#include <fstream>
#include <iostream>

#include "cornu/io/npy/npy.h"
#include "cornu/keras/utils/load_img.h"

using namespace cornu;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "load_images LIST\n";
    return 2;
  }
  std::ifstream list(argv[1]);
  std::string path, color, method, out;
  std::int64_t height = 0, width = 0;
  bool keep = false;
  while (list >> path >> color >> height >> width >> method >> keep >> out) {
    keras::utils::LoadImgConfig config{.color_mode = color, .interpolation = method, .keep_aspect_ratio = keep};
    config.antialias = true;
    if (height != 0) config.target_size = {height, width};
    try {
      io::npy::save(out, keras::utils::load_img(path, config));
    } catch (const Error& e) {
      std::ofstream(out + ".txt") << e.what();
    }
  }
}
