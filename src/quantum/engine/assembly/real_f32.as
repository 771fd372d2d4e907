/** The number that states are made of. */
export type real = f32;
