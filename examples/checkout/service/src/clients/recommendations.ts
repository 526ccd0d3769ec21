import axios from 'axios';
import { config } from '../config.js';

export const recommendFor = async (sku: string): Promise<string[]> => {
  const { data } = await axios.get<{ skus: string[] }>(`${config.recommendationsUrl}/related/${sku}`);
  return data.skus;
};
