use nn_core::prelude::*;

network! {
    struct Net: [3] -> [2] {
        logits: Dense(2),
    }
}

fn main() {
    let data = Dataset::new(vec![[0.0; 3]], vec![Class::<2>::new(0).unwrap()]).unwrap();
    let mut net = Net::new_boxed(1);
    let history = net.train(&data)
        .loss(CrossEntropy)
        .optimizer(Sgd::new(0.1))
        .schedule(0.5)
        .stop_early(3)
        .observe("loss")
        .run()
        .unwrap();
    println!("{history}");
}
